-- Starts the server for every file, and maps a few keys. Both can be turned off:
--   vim.g.gloss_enable = false   start it yourself with vim.lsp.enable('gloss')
--   vim.g.gloss_keys = false     map the <Plug> names yourself
if vim.g.loaded_gloss or vim.fn.has('nvim-0.11') == 0 then
  return
end
vim.g.loaded_gloss = true

local function call(name)
  return function()
    require('gloss')[name]()
  end
end

local keys = {
  { { 'n', 'x' }, '<Plug>(gloss-explain)', '<Leader>ge', 'explain', 'Gloss: explain' },
  { { 'n', 'x' }, '<Plug>(gloss-translate)', '<Leader>gt', 'translate', 'Gloss: translate comments' },
  { { 'n', 'i' }, '<Plug>(gloss-complete)', '<Leader>gc', 'complete', 'Gloss: complete here' },
  { { 'n' }, '<Plug>(gloss-stop)', '<Leader>gs', 'stop', 'Gloss: stop' },
  { { 'i' }, '<Plug>(gloss-accept)', '<C-l>', 'accept', 'Gloss: accept the completion' },
}

for _, key in ipairs(keys) do
  local modes, plug, default, name, desc = unpack(key)
  vim.keymap.set(modes, plug, call(name), { desc = desc })
  for _, mode in ipairs(modes) do
    -- <Leader> is often a character that is typed: in insert mode only the chord is mapped.
    local typed = mode == 'i' and vim.startswith(default, '<Leader>')
    if vim.g.gloss_keys ~= false and not typed and vim.fn.maparg(default, mode) == '' then
      vim.keymap.set(mode, default, plug, { desc = desc })
    end
  end
end

vim.api.nvim_create_user_command('Gloss', function(command)
  require('gloss').command(command)
end, {
  nargs = '+',
  range = true,
  desc = 'Gloss: explain, translate, complete, stop, doctor, models, pull, delete',
  complete = function(start, line)
    -- Only the first word is one of ours; the second is the name of a model.
    return line:match('Gloss%s+%S*$') and vim.tbl_filter(function(name)
      return vim.startswith(name, start)
    end, require('gloss').words) or {}
  end,
})

local group = vim.api.nvim_create_augroup('gloss', {})

vim.api.nvim_create_autocmd('LspProgress', {
  group = group,
  desc = 'Show the progress of Gloss',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'gloss' then
      require('gloss.progress').show(event.data.params)
    end
  end,
})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  desc = 'Turn on the inline completion of Gloss',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'gloss' and vim.lsp.inline_completion then
      vim.lsp.inline_completion.enable(true, { client_id = client.id, bufnr = event.buf })
    end
  end,
})

if vim.g.gloss_enable ~= false then
  vim.lsp.enable('gloss')
end
