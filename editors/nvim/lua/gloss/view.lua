-- Explanations as they come, in a window under the code that they are about. The code keeps the focus.

local M = {}

local WIDTH, HEIGHT = 80, 16

---@type table<string|integer, { buffer: integer, window?: integer }>
local views = {}
local latest ---@type string|integer|nil

local function resize(view)
  if not (view.window and vim.api.nvim_win_is_valid(view.window)) then
    return
  end
  local rows = vim.api.nvim_win_text_height(view.window, {}).all
  vim.api.nvim_win_set_height(view.window, math.max(1, math.min(HEIGHT, rows)))
  if vim.api.nvim_get_current_win() ~= view.window then
    -- The newest words stay in sight while nobody reads further up.
    vim.api.nvim_win_set_cursor(view.window, { vim.api.nvim_buf_line_count(view.buffer), 0 })
  end
end

local function append(view, text)
  local buffer = view.buffer
  if not vim.api.nvim_buf_is_valid(buffer) then
    return
  end
  local last = vim.api.nvim_buf_get_lines(buffer, -2, -1, false)[1] or ''
  local lines = vim.split(last .. text, '\n', { plain = true })
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, -2, -1, false, lines)
  vim.bo[buffer].modifiable = false
  resize(view)
end

local function replace(view, text)
  local buffer = view.buffer
  if vim.api.nvim_buf_is_valid(buffer) then
    vim.bo[buffer].modifiable = true
    vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(text, '\n', { plain = true }))
    vim.bo[buffer].modifiable = false
    resize(view)
  end
end

--- Closes the view that was opened last.
function M.close()
  local view = latest and views[latest]
  if view and view.window and vim.api.nvim_win_is_valid(view.window) then
    vim.api.nvim_win_close(view.window, true)
  end
end

--- Opens a view under a line for what a job will write.
---@param token string|integer of the job
---@param line integer counted from zero
function M.open(token, line)
  M.close()
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].filetype = 'markdown'
  vim.bo[buffer].modifiable = false
  local code = vim.api.nvim_get_current_win()
  local window = vim.api.nvim_open_win(buffer, false, {
    relative = 'win',
    win = code,
    bufpos = { line, 0 },
    row = 1,
    col = 0,
    width = math.min(WIDTH, math.max(20, vim.api.nvim_win_get_width(code) - 4)),
    height = 1,
    style = 'minimal',
    border = 'rounded',
    title = ' Gloss ',
    footer = ' <Leader>gs stops, then closes ',
  })
  vim.wo[window].wrap, vim.wo[window].linebreak, vim.wo[window].conceallevel = true, true, 2
  for _, key in ipairs({ 'q', '<Esc>' }) do
    vim.keymap.set('n', key, M.close, { buffer = buffer, nowait = true })
  end
  views[token] = { buffer = buffer, window = window }
  latest = token
  append(views[token], '…')
end

--- Takes one `gloss/stream` notification.
function M.write(params)
  local view = views[params.id]
  if not view then
    return
  end
  if params.done then
    replace(view, params.text)
  elseif view.started then
    append(view, params.text)
  else
    view.started = true
    replace(view, params.text)
  end
end

--- The job has ended: a view that nothing was written into says why.
function M.finish(token, result, err)
  local view = views[token]
  if view and not view.started then
    if result and result.markdown then
      replace(view, result.markdown)
    elseif err then
      replace(view, err.message)
    end
  end
  views[token] = nil
  if latest == token and view then
    views[token] = view
  end
end

return M
