"""The standalone's pages for people: what is here, and the services' documentation from files of our own."""

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from fangxing.roles import ROLE_NAMES
from standalone.identity import DEMO_PASSWORD, demo_users
from standalone.login import SignInBy
from standalone.services import SERVICES, Addresses
from standalone.summary import DEMO_WARNING, real_data, try_these

_STYLE = """
body { font: 15px/1.6 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; max-width: 60rem;
       margin: 2rem auto; padding: 0 1rem; color: #222; }
h1 { margin-bottom: 0; } table { border-collapse: collapse; } td, th { padding: .2rem 1rem .2rem 0; text-align: left; }
pre { background: #f4f4f2; padding: .8rem; overflow-x: auto; } .note { color: #666; }
"""

# Every call in the documentation goes out signed in and with an idempotency key of its own.
_SWAGGER = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/static/swagger-ui.css"><link rel="icon" href="data:,">
<style>#sign-in {{ padding: .6rem 1.2rem; background: #f4f4f2; font: 15px sans-serif; }}</style></head><body>
<div id="sign-in"><a href="/">放行 fangxing</a> · {sign_in} <span id="signed-in"></span></div>
<div id="docs"></div>
<script src="/static/swagger-ui-bundle.js"></script>
<script>
let token = null;
const typed = name => document.getElementById(name)?.value;
async function signIn() {{
  if (!typed("token") && !(typed("who") && typed("password"))) return;
  let said = "";
  token = typed("token") || null;
  if (!token) {{
    const answer = await fetch("{token_url}", {{ method: "POST", headers: {{ "Content-Type": "application/json" }},
      body: JSON.stringify({{ username: typed("who"), password: typed("password") }}) }});
    const told = await answer.json();
    token = told.access_token || null;
    said = told.title || "";
  }}
  document.getElementById("signed-in").textContent = token ? "已登录 signed in" : "登录失败 sign-in failed: " + said;
}}
document.getElementById("sign-in").addEventListener("change", signIn);
signIn();
function randomKey() {{
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, "0")).join("");
}}
SwaggerUIBundle({{ url: "{openapi_url}", dom_id: "#docs", deepLinking: true, requestInterceptor: request => {{
  if (token && !request.headers.Authorization) request.headers.Authorization = "Bearer " + token;
  if (request.method === "POST") request.headers["Idempotency-Key"] = randomKey();
  return request;
}} }});
</script></body></html>
"""

_SIGN_IN = {
    SignInBy.PASSWORD: (
        '<input id="who" placeholder="用户名 username" autocomplete="username"> '
        '<input id="password" type="password" placeholder="密码 password" autocomplete="current-password">'
    ),
    SignInBy.PROVIDER: '<input id="token" size="60" placeholder="登录系统给的令牌 · token of the sign-in provider">',
}

_USE_DOCS = "<p>打开某个服务的文档，选一个身份，直接调用 · open a service's docs, choose who you are, and call it</p>"


def page_routes(addresses: Addresses, sign_in: SignInBy, *, docs: bool) -> list[BaseRoute]:
    """The pages' routes; `docs` where the services share this page's port, as a browser wants it."""

    async def index(request: Request) -> HTMLResponse:
        return HTMLResponse(index_page(addresses, sign_in, docs=docs))

    async def documentation(request: Request) -> HTMLResponse:
        name = request.path_params["name"]
        return HTMLResponse(docs_page(name, addresses, sign_in), 200 if name in SERVICES else 404)

    routes: list[BaseRoute] = [Route("/", index)]
    if docs:
        routes += [
            Route("/docs/{name}", documentation),
            Mount("/static", StaticFiles(packages=[("fastapi_offline", "static")])),
        ]
    return routes


def index_page(addresses: Addresses, sign_in: SignInBy, *, docs: bool) -> str:
    """What is here, in Chinese and English."""
    services = "".join(
        f"<tr><td><b>{service.name}</b></td><td>{escape(service.title)}</td>"
        f"<td>{f'<a href=/docs/{name}>文档 docs</a>' if docs else ''}</td>"
        f'<td><a href="{addresses.services[name]}/health/ready">状态 health</a></td>'
        f"<td><code>{escape(addresses.services[name])}</code></td></tr>"
        for name, service in SERVICES.items()
    )
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>放行 fangxing</title>'
        f'<link rel="icon" href="data:,"><style>{_STYLE}</style></head><body>'
        "<h1>放行 fangxing</h1>"
        '<p class="note">从客户信用额度到货车出厂门 · from a customer\'s credit limit to the truck at the gate</p>'
        f"<h2>服务 Services</h2><table>{services}</table>"
        f"{_demo_part(addresses, docs=docs) if sign_in is SignInBy.DEMO else _real_part(addresses, sign_in)}"
        "</body></html>"
    )


def _demo_part(addresses: Addresses, *, docs: bool) -> str:
    users = "".join(
        f"<tr><td><code>{user.username}</code></td><td>{escape(user.name)}</td><td>{escape(_roles(user.username))}</td></tr>"
        for user in demo_users().values()
    )
    commands = escape("\n\n".join(try_these(addresses)))
    return (
        "<h2>演示用户 Demo users</h2>"
        f'<p class="note">{escape(DEMO_WARNING.zh)}<br>{escape(DEMO_WARNING.en)}</p>'
        f'<p class="note">密码都是 everybody\'s password: <code>{DEMO_PASSWORD}</code></p><table>{users}</table>'
        "<h2>试一试 What to try</h2>"
        f"{_USE_DOCS if docs else ''}<p>在终端里 · in a terminal:</p>"
        f"<pre>{commands}</pre>"
        "<p><code>make demo</code>：完整走一遍主流程 · plays the whole main flow</p>"
    )


def _real_part(addresses: Addresses, sign_in: SignInBy) -> str:
    said = real_data(addresses, sign_in)
    return f'<h2>真实数据 Real data</h2><p class="note">{escape(said.zh)}<br>{escape(said.en)}</p>'


def docs_page(name: str, addresses: Addresses, sign_in: SignInBy) -> str:
    """Swagger UI for one service, where the reader signs in; on demo data as a user of his choice."""
    service = SERVICES.get(name)
    if service is None:
        return f'<!doctype html><meta charset="utf-8"><a href="/">放行</a> 没有这个服务 no such service: {escape(name)}'
    return _SWAGGER.format(
        title=escape(service.title),
        sign_in=_SIGN_IN.get(sign_in) or _choose_user(),
        token_url=f"{addresses.identity}/token",
        openapi_url=f"{addresses.services[name]}/openapi.json",
    )


def _choose_user() -> str:
    users = "".join(
        f'<option value="{user.username}">{escape(f"{user.username} {user.name} {_roles(user.username)}")}</option>'
        for user in demo_users().values()
    )
    return (
        f'以谁的身份试用 · try it out as <select id="who">{users}</select>'
        f'<input id="password" type="hidden" value="{DEMO_PASSWORD}">'
    )


def _roles(username: str) -> str:
    return ", ".join(" ".join(ROLE_NAMES[role]) for role in demo_users()[username].roles)
