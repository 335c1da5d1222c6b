---@brief
---
--- Gloss explains, translates and completes code with a model on your own machine.
---
--- It attaches to every file. Install the server with `pip install "gloss-lsp[embedded]"`, or without
--- the extra where Ollama runs.

---@type vim.lsp.Config
return {
  cmd = { 'gloss', 'serve' },
  root_markers = { '.git' },
  capabilities = {
    -- Explanations are streamed into a view of the plugin's own; hovering may send the visual selection;
    -- what may help where something failed is offered by the plugin.
    experimental = { gloss = { stream = true, hoverRange = true, offers = true } },
  },
  handlers = {
    ['gloss/stream'] = function(_, params)
      require('gloss.view').write(params)
    end,
  },
  settings = { gloss = vim.empty_dict() },
}
