"""The smallest function in Python: greets whoever the event names."""


def hello(event, context):
    name = event.get("name", "world")
    print(f"greeting {name}")
    return {"message": f"hello {name}", "request": context.aws_request_id}
