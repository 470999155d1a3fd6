extension CacheScript {
    /// What the scripts of writers share: the version behind an entry's state, comparing versions, and intents.
    ///
    /// `older(a, b)` compares two versions of 19 digits by halves, because Lua's numbers are exact up to 2^53 only.
    ///
    /// `parse(value)` gives an intent's highest version, its mark and its writers by token, without the overdue ones. Those are pruned by whoever
    /// passes, and set the mark: nobody knows what their writers did, so nothing is stored when this intent ends. nil for anything else.
    ///
    /// `keep(intent)` writes an intent back, ending with its latest deadline; without writers the key is removed.
    static let handlingIntents =
        """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

        local function older(a, b)
          local x, y = tonumber(string.sub(a, 1, 9)), tonumber(string.sub(b, 1, 9))
          if x ~= y then return x < y end
          return tonumber(string.sub(a, 10)) < tonumber(string.sub(b, 10))
        end

        local function digits(text, count)
          return #text == count and not string.find(text, '[^0-9]')
        end

        local function version(bytes)
          local text = string.sub(bytes, 2, 20)
          return digits(text, 19) and text
        end

        local function parse(bytes)
          local highest, mark = version(bytes), string.sub(bytes, 21, 21)
          if string.sub(bytes, 1, 1) ~= 'W' or not highest or (mark ~= '0' and mark ~= '1') then return nil end
          if #bytes < 52 or (#bytes - 21) % 31 ~= 0 then return nil end
          local intent = {highest = highest, marked = mark == '1', tokens = {}, deadlines = {}}
          for at = 22, #bytes, 31 do
            local token, deadline = string.sub(bytes, at, at + 15), string.sub(bytes, at + 16, at + 30)
            if not digits(deadline, 15) then return nil end
            if tonumber(deadline) > now then
              table.insert(intent.tokens, token)
              table.insert(intent.deadlines, deadline)
            else
              intent.marked = true
            end
          end
          return intent
        end

        local function remove(intent, token)
          for index, other in ipairs(intent.tokens) do
            if other == token then
              table.remove(intent.tokens, index)
              table.remove(intent.deadlines, index)
              return true
            end
          end
          return false
        end

        local function keep(intent)
          local parts, last = {'W', intent.highest, intent.marked and '1' or '0'}, 0
          for index, token in ipairs(intent.tokens) do
            table.insert(parts, token)
            table.insert(parts, intent.deadlines[index])
            last = math.max(last, tonumber(intent.deadlines[index]))
          end
          if last == 0 then return store('', 'PX', 0) end
          return store(table.concat(parts), 'PXAT', string.format('%.0f', last))
        end

        """
}
