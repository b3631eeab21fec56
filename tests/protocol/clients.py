"""Clients that know nothing of this server but its wire formats: `clients.py <http://address> <protocol>`.

Each function plays one protocol with what people use in Python, and fails with a sentence where it hears something else.
"""

import asyncio
import json
import sys

import httpx
import websockets


async def hear(socket, kind, **fields):
    """The next frame of this type with these fields. News of who is here may come between; an error may not."""
    while True:
        frame = json.loads(await asyncio.wait_for(socket.recv(), 10))
        if frame["type"] == kind and fields.items() <= frame.items():
            return frame
        assert frame["type"] != "error", f"expected {kind}, got {frame}"


async def ended(socket):
    """The code and the reason with which the server ends the socket."""
    await asyncio.wait_for(socket.wait_closed(), 10)
    return socket.close_code, socket.close_reason


async def rooms(http, ws):
    async with httpx.AsyncClient(base_url=http) as client:
        made = await client.post("/api/chat/rooms", json={"name": "python", "description": "snakes"})
        assert made.status_code == 201, made.text
        room = made.json()["id"]
        assert (await client.get(f"/api/chat/rooms/{room}")).json()["name"] == "python"
        assert (await client.get("/api/chat/rooms/9999")).status_code == 404

        async with websockets.connect(f"{ws}/ws/chat/{room}") as alice:
            await alice.send(json.dumps({"username": "Alice"}))
            await hear(alice, "connected", username="Alice", room_id=room)
            await hear(alice, "users_list", users=["Alice"], count=1)

            async with websockets.connect(f"{ws}/ws/chat/{room}") as bob:
                await bob.send(json.dumps({"username": "Bob"}))
                await hear(bob, "connected", username="Bob")
                await hear(bob, "users_list", users=["Alice", "Bob"])
                await hear(alice, "system", content="Bob joined the room")
                await hear(alice, "users_list", count=2)

                await alice.send(json.dumps({"type": "typing", "is_typing": True}))
                await hear(bob, "typing", users=["Alice"])
                await alice.send(json.dumps({"type": "message", "content": "Hello!"}))
                for socket in (bob, alice):
                    message = await hear(socket, "message", username="Alice", content="Hello!", room_id=room)
                    assert {"id", "timestamp"} <= message.keys(), message

            await hear(alice, "system", content="Bob left the room")
            await hear(alice, "users_list", users=["Alice"])
            history = (await client.get(f"/api/chat/rooms/{room}/messages")).json()
            assert [message["content"] for message in history] == ["Hello!"]
            deleted = await client.delete(f"/api/chat/rooms/{room}")
            assert deleted.json() == {"message": "Room deleted"}
            await hear(alice, "room_deleted")
            assert (await ended(alice))[0] == 4410


async def lobby(http, ws):
    async with websockets.connect(f"{ws}/ws/alice") as alice:
        await hear(alice, "user_joined", user_name="alice")
        async with websockets.connect(f"{ws}/ws/bob") as bob:
            for socket in (alice, bob):
                await hear(socket, "user_joined", user_name="bob")
            sent = {'{"message":"hi"}': "hi", '{"type":"chat_message","message":"ho"}': "ho", "hey": "hey"}
            for text, said in sent.items():
                await alice.send(text)
                for socket in (alice, bob):
                    frame = await hear(socket, "chat_message", user_name="alice", message=said)
                    assert isinstance(frame["timestamp"], float), frame
        await hear(alice, "user_left", user_name="bob")

    async with websockets.connect(f"{ws}/ws/{'x' * 21}") as refused:
        await hear(refused, "error")
        code, reason = await ended(refused)
        assert code == 1008 and "20" in reason, (code, reason)

    async with httpx.AsyncClient(base_url=http) as client:
        assert (await client.get("/health")).json()["status"] == "healthy"
        assert (await client.get("/stats")).json()["messages"] >= 3
        assert (await client.get("/room/1/stats")).json()["name"] == "general"
        assert (await client.get("/static/tokens.css")).status_code == 200


async def chats(http, ws):
    people = {}
    async with httpx.AsyncClient(base_url=http) as client:
        for name in ("ann", "ben", "cat"):
            account = {"username": name, "password": f"the long walk of {name}"}
            made = await client.post("/api/auth/register", json=account)
            assert made.status_code == 201, made.text
            client.cookies.clear()
            login = (await client.post("/api/auth/login", json=account)).json()
            assert login["token_type"] == "bearer" and login["user"]["id"] == made.json()["id"], login
            client.cookies.clear()
            people[name] = {**login["user"], "headers": {"Authorization": f"Bearer {login['access_token']}"}}
            people[name]["token"] = login["access_token"]
        ann, ben, cat = people.values()
        wrong = await client.post("/api/auth/login", json={"username": "ann", "password": "x"})
        assert wrong.status_code == 401, wrong.text
        listed = (await client.get("/api/auth/users", headers=ann["headers"])).json()
        assert set(people) <= {user["username"] for user in listed}, listed

        both = {"participants": [ben["id"]]}
        made = await client.post("/api/chats/", json=both, headers=ann["headers"])
        assert made.status_code == 201 and made.json()["is_group"] is False, made.text
        again = await client.post("/api/chats/", json=both, headers=ann["headers"])
        assert again.status_code == 200 and again.json() == made.json(), again.text
        group = {"participants": [ben["id"], cat["id"]], "name": "Reptiles", "is_group": True}
        made = await client.post("/api/chats/", json=group, headers=ann["headers"])
        assert made.status_code == 201 and len(made.json()["participants"]) == 3, made.text
        chat = made.json()["id"]

        def socket(person, user=None):
            return websockets.connect(f"{ws}/api/chats/ws/{chat}/{user or person['id']}?token={person['token']}")

        async with socket(ann) as first:
            await hear(first, "user_joined", user_id=ann["id"], active_users=[ann["id"]])
            async with socket(ben) as second:
                # Each may be at another instance, and hear of the other a little later.
                for each in (first, second):
                    await hear(each, "user_joined", active_users=[ann["id"], ben["id"]])
                await second.send(json.dumps({"type": "typing", "is_typing": True}))
                await hear(first, "typing", user_id=ben["id"], is_typing=True)
                for text in ({"content": "hi"}, {"type": "message", "content": "ho"}):
                    await second.send(json.dumps(text))
                    for each in (first, second):
                        message = await hear(each, "message", sender_id=ben["id"], content=text["content"])
                        assert message["chat_id"] == chat and message["user_id"] == ben["id"], message
                while (await client.get(f"/api/chats/{chat}/active-users", headers=cat["headers"])).json()["count"] < 2:
                    await asyncio.sleep(0.02)
            await hear(first, "user_left", user_id=ben["id"], active_users=[ann["id"]])

        async with socket(cat, user=ann["id"]) as refused:
            await hear(refused, "error")
            assert (await ended(refused))[0] == 1008

        history = (await client.get(f"/api/chats/{chat}/messages", headers=cat["headers"])).json()
        assert [message["content"] for message in history] == ["hi", "ho"], history
        assert (await client.get(f"/api/chats/{chat}")).status_code == 401
        fresh = (await client.post("/api/auth/refresh", headers=cat["headers"])).json()
        assert fresh["expires_in"] > 0, fresh
        assert (await client.post("/api/auth/logout", headers=cat["headers"])).status_code == 204
        assert (await client.get("/api/chats/", headers=cat["headers"])).status_code == 401


async def bearer(http, ws):
    account = {"username": "snake", "password": "a very long snake"}
    async with httpx.AsyncClient(base_url=http) as client:
        made = await client.post("/users/", json={**account, "email": "snake@example.org"})
        assert made.status_code == 201 and made.json()["disabled"] is False, made.text
        form = {"grant_type": "password", **account, "scope": "", "client_id": ""}
        token = (await client.post("/token", data=form)).json()
        assert token["token_type"] == "bearer", token
        assert (await client.post("/auth/login", json=account)).status_code == 200
        headers = {"Authorization": f"Bearer {token['access_token']}"}

        async with websockets.connect(f"{ws}/chat/ws/general?token={token['access_token']}") as snake:
            await hear(snake, "user_joined", content="snake joined the chat", room="general")
            await snake.send(json.dumps({"content": "Hello, world!"}))
            message = await hear(snake, "message", user_id=made.json()["_id"], content="Hello, world!")

        del message["type"]
        history = await client.get("/chat/messages/general", params={"limit": 1}, headers=headers)
        assert history.json() == [message], history.text
        assert (await client.get("/chat/messages/general")).status_code == 401
        gone = await client.delete(f"/chat/messages/{message['_id']}", headers=headers)
        assert gone.json() == {"message": "Message deleted"}, gone.text
        assert "text/html" in (await client.get("/chat-ui")).headers["content-type"]

    async with websockets.connect(f"{ws}/chat/ws/general") as refused:
        await hear(refused, "error")
        assert (await ended(refused))[0] == 1008


PROTOCOLS = {play.__name__: play for play in (rooms, lobby, chats, bearer)}

if __name__ == "__main__":
    address, protocol = sys.argv[1:]
    asyncio.run(PROTOCOLS[protocol](address, address.replace("http", "ws", 1)))
