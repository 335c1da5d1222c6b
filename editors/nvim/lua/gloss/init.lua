-- What the keys and the command do. Each asks the server, and gives it a token to report on.

local M = {}

local server = require('gloss.server')

--- The range that is meant: the visual selection, the lines of a command, or the cursor.
---@param client vim.lsp.Client
---@param lines? { [1]: integer, [2]: integer } first and last line, counted from one
local function range_of(client, lines)
  local buffer, encoding = vim.api.nvim_get_current_buf(), client.offset_encoding
  if lines then
    local last = vim.fn.getline(lines[2])
    return vim.lsp.util.make_given_range_params({ lines[1], 0 }, { lines[2], math.max(#last - 1, 0) }, buffer, encoding).range
  end
  local mode = vim.fn.mode()
  if mode ~= 'v' and mode ~= 'V' and mode ~= '\22' then
    return vim.lsp.util.make_range_params(0, encoding).range
  end
  local from, to = vim.fn.getpos('v'), vim.fn.getpos('.')
  local first, last = { from[2], from[3] - 1 }, { to[2], to[3] - 1 }
  if first[1] > last[1] or (first[1] == last[1] and first[2] > last[2]) then
    first, last = last, first
  end
  if mode == 'V' then
    first[2], last[2] = 0, math.max(#vim.fn.getline(last[1]) - 1, 0)
  end
  vim.api.nvim_feedkeys(vim.keycode('<Esc>'), 'nx', false)
  return vim.lsp.util.make_given_range_params(first, last, buffer, encoding).range
end

local function argument(client, lines)
  return { uri = vim.uri_from_bufnr(0), range = range_of(client, lines) }
end

--- Explains the selection, or the definition at the cursor, in a view under it.
function M.explain(lines)
  local client = server.client(0)
  if not client then
    return
  end
  local asked = argument(client, lines)
  local view = require('gloss.view')
  local token
  token = server.run(client, 'gloss.explain', asked, function(err, result)
    view.finish(token, result, err)
    server.complain(client, err)
  end)
  view.open(token, asked.range['end'].line)
end

--- Translates the comments of the selection, or of the whole file.
function M.translate(lines)
  local client = server.client(0)
  if client then
    server.run(client, 'gloss.translateComments', argument(client, lines))
  end
end

--- Writes what comes next at the cursor. At the end of a line that is after its last character, as with `a`.
function M.complete()
  local client = server.client(0)
  if not client then
    return
  end
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  local text = vim.api.nvim_get_current_line()
  local last = #text - #vim.fn.strcharpart(text, vim.fn.strchars(text) - 1)
  local at = vim.fn.mode() == 'n' and column >= last and #text or column
  local units = vim.str_utfindex(text, client.offset_encoding, at, false)
  local position = { line = line - 1, character = units }
  server.run(client, 'gloss.complete', { uri = vim.uri_from_bufnr(0), range = { start = position, ['end'] = position } })
end

--- Stops all that Gloss does; where it does nothing, closes the view.
function M.stop()
  if not server.stop() then
    require('gloss.view').close()
  end
end

--- Accepts the ghost text, where Neovim has inline completion; else types the key.
function M.accept()
  local inline = vim.lsp.inline_completion
  if not (inline and inline.get()) then
    vim.api.nvim_feedkeys(vim.keycode('<C-l>'), 'n', false)
  end
end

--- Shows what the server says of itself, of its models and of its settings.
function M.doctor()
  local client = server.client(0)
  if not client then
    return
  end
  server.ask(client, 'gloss.doctor', {}, function(result)
    vim.cmd.new()
    vim.bo.buftype, vim.bo.bufhidden = 'nofile', 'wipe'
    vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(vim.inspect(result), '\n'))
  end)
end

--- Picks a model for a task, fetches one, or removes one.
function M.models()
  require('gloss.models').choose()
end

function M.pull(name)
  require('gloss.models').pull(name)
end

function M.delete(name)
  require('gloss.models').delete(name)
end

--- The words behind `:Gloss`.
M.words = { 'explain', 'translate', 'complete', 'stop', 'doctor', 'models', 'pull', 'delete' }

--- `:Gloss WORD`, with a range of lines or without; *pull* and *delete* take the name of a model.
function M.command(command)
  local word, name = unpack(command.fargs)
  local named = word == 'pull' or word == 'delete'
  if not vim.tbl_contains(M.words, word) then
    vim.notify('Gloss: one of ' .. table.concat(M.words, ', '), vim.log.levels.ERROR)
  elseif named ~= (name ~= nil) or #command.fargs > 2 then
    vim.notify(('Gloss: `:Gloss %s%s`'):format(word, named and ' NAME' or ''), vim.log.levels.ERROR)
  elseif named then
    M[word](name)
  elseif command.range > 0 then
    M[word]({ command.line1, command.line2 })
  else
    M[word]()
  end
end

return M
