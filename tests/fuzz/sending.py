"""Bodies byte by byte: what browsers would never send, too."""

from urllib.parse import quote_from_bytes

from tests.fuzz.nasty import Upload

BOUNDARY = "psd-boundary"
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def raw(value):
    # "surrogatepass" is not needed: half a pair is typed as bytes.
    return value if isinstance(value, bytes) else value.encode()


def pairs_of(body):
    return [(name, value) for name, values in body.items() for value in values]


def urlencoded(body):
    """The body as a form without files is sent."""
    return "&".join(
        f"{quote_from_bytes(name.encode())}={quote_from_bytes(raw(value))}"
        for name, value in pairs_of(body)
    ).encode()


def multipart(body):
    """The body as a form with files is sent."""
    parts = [part(name, value) for name, value in pairs_of(body)]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def part(name, value):
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
    if isinstance(value, Upload):
        quoted = value.name.replace("\\", "\\\\").replace('"', '\\"')
        head += f'; filename="{quoted}"\r\nContent-Type: {value.content_type}'
        return f"{head}\r\n\r\n".encode() + value.content + b"\r\n"
    return f"{head}\r\n\r\n".encode() + raw(value) + b"\r\n"


def post(client, path, body, *, has_files=False, **headers):
    """Post the body in the way in which its form is sent."""
    data = multipart(body) if has_files else urlencoded(body)
    kind = MULTIPART if has_files else URLENCODED
    return client.generic("POST", path, data, content_type=kind, headers=headers)
