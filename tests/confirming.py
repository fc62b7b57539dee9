"""Forms that move dates show first what moves with them (R-20)."""


def confirmed(client, address, typed, *, exempt=(), **more):
    """Post such a form, look at its list, and post it again as it was seen.

    What is refused, or takes nothing along, is answered at once.
    """
    first = client.post(address, typed, **more)
    look = (first.context or {}).get("look")
    if first.status_code != 200 or look is None:
        return first
    seen = {"confirm": look.preview.token, "exempt": list(exempt)}
    return client.post(address, {**typed, **seen}, **more)
