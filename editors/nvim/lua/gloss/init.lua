-- What the keys and the command do. Each asks the server, and gives it a token to report on.

local M = {}

local count = 0
local requests = {} ---@type table<string, { client: integer, request: integer }>

---@return vim.lsp.Client?
local function client_of(buffer)
  local client = vim.lsp.get_clients({ bufnr = buffer, name = 'gloss' })[1]
  if not client then
    vim.notify('Gloss is not running here: `:checkhealth vim.lsp` says why', vim.log.levels.WARN)
  end
  return client
end

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

--- Runs a command of the server as a job that can be stopped.
local function run(client, command, argument, done)
  count = count + 1
  local token = ('gloss.nvim-%d-%d'):format(vim.fn.getpid(), count)
  local buffer = vim.api.nvim_get_current_buf()
  local sent, id = client:request('workspace/executeCommand', {
    command = command,
    arguments = { argument },
    workDoneToken = token,
  }, function(err, result)
    requests[token] = nil
    done(err, result)
  end, buffer)
  if sent then
    requests[token] = { client = client.id, request = id }
  end
  return token
end

local STOPPED = -32800 -- RequestCancelled, LSP 3.18

local function complain(err)
  if err and err.code ~= STOPPED then
    vim.notify(err.message, vim.log.levels.ERROR)
  end
end

local function argument(client, lines)
  return { uri = vim.uri_from_bufnr(0), range = range_of(client, lines) }
end

--- Explains the selection, or the definition at the cursor, in a view under it.
function M.explain(lines)
  local client = client_of(0)
  if not client then
    return
  end
  local asked = argument(client, lines)
  local view = require('gloss.view')
  local token
  token = run(client, 'gloss.explain', asked, function(err, result)
    complain(err)
    view.finish(token, result, err)
  end)
  view.open(token, asked.range['end'].line)
end

--- Translates the comments of the selection, or of the whole file.
function M.translate(lines)
  local client = client_of(0)
  if client then
    run(client, 'gloss.translateComments', argument(client, lines), complain)
  end
end

--- Writes what comes next at the cursor. At the end of a line that is after its last character, as with `a`.
function M.complete()
  local client = client_of(0)
  if not client then
    return
  end
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  local text = vim.api.nvim_get_current_line()
  local last = #text - #vim.fn.strcharpart(text, vim.fn.strchars(text) - 1)
  local at = vim.fn.mode() == 'n' and column >= last and #text or column
  local units = vim.str_utfindex(text, client.offset_encoding, at, false)
  local position = { line = line - 1, character = units }
  run(client, 'gloss.complete', { uri = vim.uri_from_bufnr(0), range = { start = position, ['end'] = position } }, complain)
end

--- Stops all that Gloss does; where it does nothing, closes the view.
function M.stop()
  if next(requests) == nil then
    require('gloss.view').close()
  end
  for _, request in pairs(requests) do
    local client = vim.lsp.get_client_by_id(request.client)
    if client then
      client:cancel_request(request.request)
    end
  end
  local client = vim.lsp.get_clients({ name = 'gloss' })[1]
  if client then
    client:request('workspace/executeCommand', { command = 'gloss.stop', arguments = { vim.empty_dict() } }, complain)
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
  local client = client_of(0)
  if not client then
    return
  end
  client:request('workspace/executeCommand', { command = 'gloss.doctor', arguments = { vim.empty_dict() } }, function(err, result)
    complain(err)
    if result then
      vim.cmd.new()
      vim.bo.buftype, vim.bo.bufhidden = 'nofile', 'wipe'
      vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(vim.inspect(result), '\n'))
    end
  end)
end

--- `:Gloss NAME`, with a range of lines or without.
function M.command(command)
  local action = M[command.args]
  if not vim.tbl_contains({ 'explain', 'translate', 'complete', 'stop', 'doctor' }, command.args) then
    vim.notify('Gloss: explain, translate, complete, stop or doctor', vim.log.levels.ERROR)
  elseif command.range > 0 then
    action({ command.line1, command.line2 })
  else
    action()
  end
end

return M
