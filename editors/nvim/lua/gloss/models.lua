-- The models of the backend: which does what, fetching one, removing one.

local M = {}

local server = require('gloss.server')

local TASKS = { 'chat', 'translate', 'complete' }

---@class gloss.Model
---@field name string
---@field size integer bytes
---@field can string[] of chat, complete, think, embed
---@field loaded boolean
---@field fits boolean
---@field used_for string[] of the tasks
---@field remote_host string

local function size_of(model)
  return model.size >= 1e9 and ('%.1f GB'):format(model.size / 1e9) or ('%.0f MB'):format(model.size / 1e6)
end

--- What a list says of a model, in one line.
---@param model gloss.Model
local function described(model)
  local used = table.concat(model.used_for, ', ')
  return table.concat(
    vim.tbl_filter(function(part)
      return part ~= ''
    end, {
      model.name,
      size_of(model),
      table.concat(model.can, ', '),
      model.remote_host ~= '' and 'runs at ' .. model.remote_host or '',
      model.loaded and 'loaded' or '',
      model.fits and '' or 'does not fit in memory',
      used ~= '' and 'used for ' .. used or '',
    }),
    '  '
  )
end

local function used_for(task, models)
  for _, model in ipairs(models) do
    if vim.tbl_contains(model.used_for, task) then
      return model.name
    end
  end
end

local function choose_for(client, task, models)
  vim.ui.select(models, { prompt = 'Model for ' .. task .. ':', format_item = described }, function(model)
    if model then
      server.ask(client, 'gloss.models.select', { task = task, name = model.name }, function()
        vim.notify(('Gloss: %s is used for %s from now on'):format(model.name, task))
      end)
    end
  end)
end

--- Picks a task, then the model that does it until Neovim ends.
function M.choose()
  local client = server.client(0)
  if not client then
    return
  end
  server.ask(client, 'gloss.models.list', {}, function(models)
    if #models == 0 then
      vim.notify('Gloss: no model is installed; `:Gloss pull NAME` fetches one', vim.log.levels.WARN)
      return
    end
    vim.ui.select(TASKS, {
      prompt = 'Choose a model for:',
      format_item = function(task)
        return ('%s (now %s)'):format(task, used_for(task, models) or 'none')
      end,
    }, function(task)
      if task then
        choose_for(client, task, models)
      end
    end)
  end)
end

--- Fetches a model; `:Gloss stop` stops that, and a later pull goes on from there.
function M.pull(name)
  local client = server.client(0)
  if client then
    server.run(client, 'gloss.models.pull', { name = name })
  end
end

--- Removes a model, once the user has agreed.
function M.delete(name)
  local client = server.client(0)
  if not client then
    return
  end
  server.ask(client, 'gloss.models.list', {}, function(models)
    local model = vim.iter(models):find(function(each)
      return each.name == name or each.name == name .. ':latest'
    end)
    local what = model and ('%s (%s)'):format(model.name, size_of(model)) or name
    vim.ui.select({ 'Keep it', 'Delete it' }, { prompt = ('Delete %s?'):format(what) }, function(_, number)
      if number == 2 then
        server.ask(client, 'gloss.models.delete', { name = name }, function()
          vim.notify(('Gloss: %s is removed'):format(name))
        end)
      end
    end)
  end)
end

return M
