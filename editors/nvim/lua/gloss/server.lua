-- Speaks to the server: commands that it answers, jobs that can be stopped, and what went wrong.

local M = {}

local count = 0
local requests = {} ---@type table<string, { client: integer, request: integer }>

local STOPPED = -32800 -- RequestCancelled, LSP 3.18

--- The server of a buffer; without one the user is told.
---@return vim.lsp.Client?
function M.client(buffer)
  local client = vim.lsp.get_clients({ bufnr = buffer, name = 'gloss' })[1]
  if not client then
    vim.notify('Gloss is not running here: `:checkhealth vim.lsp` says why', vim.log.levels.WARN)
  end
  return client
end

--- Says what went wrong, once; what may help is offered to be chosen.
function M.complain(client, err)
  if not err or err.code == STOPPED then
    return
  end
  vim.notify(err.message, vim.log.levels.ERROR)
  local offers = vim.tbl_get(err, 'data', 'commands') or {}
  if #offers == 0 then
    return
  end
  vim.ui.select(offers, {
    prompt = 'This may help:',
    format_item = function(offer)
      return offer.title
    end,
  }, function(offer)
    if offer then
      M.run(client, offer.command, offer.arguments[1])
    end
  end)
end

local function request(client, command, argument, token, done)
  return client:request('workspace/executeCommand', {
    command = command,
    arguments = { next(argument) and argument or vim.empty_dict() },
    workDoneToken = token,
  }, done, vim.api.nvim_get_current_buf())
end

--- Runs a command of the server as a job that can be stopped; its token.
---@param done? fun(err: table?, result: any) without one, what goes wrong is said
function M.run(client, command, argument, done)
  count = count + 1
  local token = ('gloss.nvim-%d-%d'):format(vim.fn.getpid(), count)
  local sent, id = request(client, command, argument, token, function(err, result)
    requests[token] = nil
    if done then
      done(err, result)
    else
      M.complain(client, err)
    end
  end)
  if sent then
    requests[token] = { client = client.id, request = id }
  end
  return token
end

--- Asks the server for something that it answers at once.
---@param done fun(result: any) what goes wrong is said instead
function M.ask(client, command, argument, done)
  request(client, command, argument, nil, function(err, result)
    if err then
      M.complain(client, err)
    else
      done(result)
    end
  end)
end

--- Stops all jobs; whether there was one of ours.
function M.stop()
  local any = next(requests) ~= nil
  for _, running in pairs(requests) do
    local client = vim.lsp.get_client_by_id(running.client)
    if client then
      client:cancel_request(running.request)
    end
  end
  local client = vim.lsp.get_clients({ name = 'gloss' })[1]
  if client then
    M.ask(client, 'gloss.stop', {}, function() end)
  end
  return any
end

return M
