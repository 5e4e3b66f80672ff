-- A small JSON event.
wrk.method = "POST"
wrk.body = '{"items":[{"id":"sku-1","qty":2}]}'
wrk.headers["Content-Type"] = "application/json"
