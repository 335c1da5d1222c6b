-- Progress in the command line, where nothing else of the user's shows it.

local M = {}

local titles = {}

--- Shows one `$/progress` notification.
function M.show(params)
  local value = params.value
  if value.kind == 'begin' then
    titles[params.token] = value.title
  end
  local title = titles[params.token] or 'Gloss'
  local text = table.concat(vim.tbl_filter(function(part)
    return part and part ~= ''
  end, { title, value.message or '' }), ': ')
  if value.kind == 'end' then
    titles[params.token] = nil
  end
  if vim.g.gloss_progress ~= false then
    -- Cut to the width of the screen: a longer message would stop everything until a key is pressed.
    local room = math.max(10, vim.o.columns - 20)
    vim.api.nvim_echo({ { vim.fn.strcharpart(text, 0, room) } }, false, {})
  end
end

return M
