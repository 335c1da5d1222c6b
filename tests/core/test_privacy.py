"""What is refused, what is masked, and how it comes back."""

from __future__ import annotations

import itertools

import pytest

from gloss_lsp.core.privacy import DEFAULT_EXCLUDE, Masker, Policy, Restorer

REFUSED = [
    ".env",
    ".env.local",
    ".envrc",
    ".ENV",
    "prod.env",
    "server/.env.production",
    "/home/me/work/app/.env",
    r"C:\Users\Me\App\.Env.Local",
    "certs/server.pem",
    "certs/SERVER.KEY",
    "id_rsa",
    "keys/id_ed25519_work",
    "/home/me/.ssh/config",
    "/home/me/.aws/credentials",
    "/home/me/.config/gcloud/application_default_credentials.json",
    "home/.docker/config.json",
    ".netrc",
    "_netrc",
    "frontend/.npmrc",
    ".pypirc",
    "kubeconfig",
    "deploy/kubeconfig.staging",
    "prod.kubeconfig",
    "vault.kdbx",
    "infra/prod.tfvars",
    "infra/terraform.tfstate.backup",
    "secrets.yaml",
    "config/secrets.yml",
    "config/Secrets.toml",
    "k8s/db-secret.yaml",
    "client_secret_123.json",
    "credentials.json",
    "service-account-prod.json",
    ".bash_history",
    ".git-credentials",
]
ALLOWED = [
    "",
    "main.py",
    "secrets.py",
    "src/credentials.ts",
    "src/environment.py",
    "src/env.ts",
    "key.py",
    "keys/keyboard.c",
    "tokens.json",
    "package.json",
    "tsconfig.json",
    "docs/secret-garden.md",
    "gcloud/deploy.go",
    "kube/controller.go",
    "C:/Users/me/monkey.rs",
    "untitled:Untitled-1",
]


@pytest.mark.parametrize("path", REFUSED)
def test_private_files_are_refused_by_name(path):
    reason = Policy().refuses(path)
    assert reason is not None
    assert path.lower().replace("\\", "/").rpartition("/")[2] in reason.lower()
    assert "privacy.exclude" in reason


@pytest.mark.parametrize("path", ALLOWED)
def test_ordinary_files_are_not(path):
    assert Policy().refuses(path) is None


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("private/", "/work/private/a.py"),
        ("/private/", "/work/private/a.py"),
        ("deploy/prod.py", "/work/app/deploy/prod.py"),
        ("**/deploy/*.py", "deploy/prod.py"),
        ("Internal*", "INTERNAL-notes.txt"),
        ("a/**/z.txt", "x/a/b/c/z.txt"),
    ],
)
def test_a_users_own_pattern_holds_at_any_depth_and_in_any_case(pattern, path):
    policy = Policy((*DEFAULT_EXCLUDE, pattern))
    assert pattern in policy.refuses(path)
    assert policy.refuses("src/main.py") is None


PEM = (
    "-----BEGIN RSA PRIVATE KEY-----\n"
    + "MIIEpAIBAAKCAQEA7bq3+/w" * 3
    + "\nzz9Kq1==\n-----END RSA PRIVATE KEY-----"
)
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"
SECRETS = [
    ("a private key", PEM, "{}"),
    ("a private key in one string", PEM.replace("\n", "\\n"), 'key = "{}"'),
    ("an Amazon key", "AKIA" + "Q7RZ" * 4, "aws = {}"),
    ("an Amazon secret", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzz1", 'aws_secret_access_key = "{}"'),
    ("a GitHub token", "ghp_" + LETTERS, "git clone x {} y"),
    ("a fine-grained GitHub token", "github_pat_11ABCDEFG0" + LETTERS, "# {}"),
    ("a GitLab token", "glpat-" + LETTERS[:20], "'{}'"),
    ("a Slack token", "xoxb-123456789012-" + LETTERS[:24], "'{}'"),
    ("a Slack hook", "T0000/B0000/" + LETTERS[:24], "https://hooks.slack.com/services/{}"),
    ("an OpenAI key", "sk-proj-4F" + LETTERS, "client = Client('{}')"),
    ("an Anthropic key", "sk-ant-api03-" + LETTERS, "client = Client('{}')"),
    ("a Google key", "AIza" + LETTERS[:35], "key={}&q=1"),
    ("a Stripe key", "sk_live_" + LETTERS[:24], "stripe.api_key = '{}'"),
    ("a web token", JWT, "cookie: {};"),
    ("a bearer", "q7" + LETTERS, "-H 'Authorization: Bearer {}'"),
    ("a password in an address", "hunter2", "postgres://admin:{}@db:5432/app"),
    ("a quoted password", "hunter2", 'password = "{}"'),
    ("a password in JSON", "hunter2", '{{"db_password": "{}"}}'),
    ("a typed password", "hunter2", 'let password: &str = "{}";'),
    ("a password in Go", "hunter2!", 'Password: "{}",'),
    ("a password in three quotes", "hunter2", "password: str = '''{}'''"),
    ("a password in an array of C", "hunter2", 'static const char password[] = "{}";'),
    ("a password in a macro", "hunter2", '#define PASSWORD "{}"'),
    ("a password that is handed over", "hunter2", 'user.set_password("{}")'),
    ("a password as argument", "p@ssw0rd", "connect(user='me', password='{}')"),
    ("a password of numbers", "12345678", "PASSWD = '{}'"),
    ("a password that is being typed", "hunter2", 'password = "{}'),
    ("a compared password", "s3cr3t-x", "if password == '{}':"),
    ("a bare password", "hunter2", "export DB_PASSWORD={}"),
    ("a bare password in YAML", "xK9fQ2mPz8", "  password: {}"),
    ("a token by name", "d41d8cd98f00b204e9800998ecf8427e", 'auth_token := "{}"'),
    ("a key of the environment", "q8Zr5tY2uI1oP", "os.environ['API_KEY'] = '{}'"),
    ("a storage key", "Zm9vYmFy" * 8, "DefaultEndpointsProtocol=https;AccountKey={};EndpointSuffix=x"),
    ("what looks like a placeholder", "MASKED_SECRET_1", "text = '{}'"),
]


@pytest.mark.parametrize(("secret", "around"), [pytest.param(*rest, id=name) for name, *rest in SECRETS])
def test_secrets_are_masked_alone_and_whole(secret, around):
    text = f"first line\n{around.format(secret)}\nlast line\n"
    masked = Masker().mask(text)
    assert masked.texts == (f"first line\n{around.format('MASKED_SECRET_1')}\nlast line\n",)
    assert masked.secrets == {"MASKED_SECRET_1": secret}


ORDINARY = """\
password = input("Password: ")
password: str | None = None
password = request.form["password"]
def check_password(password, hashed): return verify(password1, hashed)
PASSWORD_FIELD = "password"
label.password = "Enter your password, please"
"password": "Passwort",
"forgotPassword": "¿Olvidaste tu contraseña?",
password = "changeme"
password_input_id = "password-input"
token = lexer.next_token()
token = tokens[index + 1]
let token: Token = self.tokens.next()?;
token = token2
max_tokens = 4096
tokenizer = "Qwen/Qwen2.5-Coder-1.5B-Instruct"
token_type: "bearer"
TOKEN_URL = "https://login.example.com/oauth2/v2.0/token"
secret_name = "prod/db-1/main"
secretRef: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db"
api_key = os.environ["API_KEY"]
api_key = "YOUR_API_KEY"
api_key = "xxxxxxxxxxxxxxxx1234"
api_key = f"{prefix}{number}abc1"
const apiKey = process.env.API_KEY1;
connect(f"postgres://{user}:{password}@{host}/db")
url = "http://localhost:8080/path@version"
url = "ssh://git@github.com:22/a/b.git"
Authorization: Bearer ${TOKEN}
# The bearer authentication is described in RFC 6750.
sha256 = "d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e"
"integrity": "sha512-oRtv9wCjvA0kCZ0Nl3tZFf1lYQnAvRyF2ZkUJcxz3Y0Q==",
class="sk-folding-cube sk-cube-animation-long-name"
if text.startswith("-----BEGIN PRIVATE KEY-----"): raise ValueError(text)
-----BEGIN CERTIFICATE-----
MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ
-----END CERTIFICATE-----
uuid = "123e4567-e89b-12d3-a456-426614174000"
background: url(data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA)
access_token_lifetime = timedelta(minutes=15)
credentials = Credentials.from_file(path)
private_key = load_pem_private_key(data, password=None)
token_value = 0x1F2E3D4C
for token in tokens: print(token.text1, token.kind2)
"""


@pytest.mark.parametrize("line", ORDINARY.splitlines())
def test_ordinary_code_is_left_alone(line):
    assert Masker().mask(line + "\n").texts == (line + "\n",)


def test_ordinary_code_is_left_alone_as_a_whole():
    assert Masker().mask(ORDINARY).texts == (ORDINARY,)


def test_the_same_secret_has_the_same_placeholder_and_others_have_others():
    masker = Masker()
    first = masker.mask("password = 'hunter2'\napi_key = 'q8Zr5tY2uI1oP'\npasswd = 'hunter2'")
    assert first.texts == (
        "password = 'MASKED_SECRET_1'\napi_key = 'MASKED_SECRET_2'\npasswd = 'MASKED_SECRET_1'",
    )
    again = masker.mask("pwd = 'other-1'", "api_key = 'q8Zr5tY2uI1oP'")
    assert again.texts == ("pwd = 'MASKED_SECRET_3'", "api_key = 'MASKED_SECRET_2'")
    assert set(again.secrets) == {"MASKED_SECRET_3", "MASKED_SECRET_2"}


def test_no_number_is_used_twice_however_many_secrets_come():
    masker = Masker()
    seen = [masker.mask(f"password = 'hunter{number}'").texts[0] for number in range(3000)]
    assert len(set(seen)) == 3000
    assert len(masker._placeholders) == 1000
    assert masker.mask("password = 'hunter2999'").texts[0] == seen[-1]


@pytest.mark.parametrize("at", range(len('password = "hunter2-and-more"')))
def test_a_secret_at_the_cursor_is_masked_on_both_sides(at):
    text = 'password = "hunter2-and-more"'
    masked = Masker().mask(text[:at], text[at:])
    sent = "".join(masked.texts)
    assert "hunter2" not in sent
    assert "and-more" not in sent
    for placeholder, secret in masked.secrets.items():
        sent = sent.replace(placeholder, secret)
    assert sent == text


@pytest.mark.parametrize("text", [PEM[:60], PEM[45:], 'x = """' + PEM[:-20]])
def test_a_key_that_is_cut_by_the_window_is_masked_too(text):
    sent = Masker().mask(text).texts[0]
    assert "MASKED_SECRET_1" in sent
    assert "MIIE" not in sent
    assert "bq3+" not in sent


def test_a_restorer_puts_back_only_what_this_prompt_held():
    restorer = Restorer({"MASKED_SECRET_2": "hunter2"})
    assert (
        restorer.feed("MASKED_SECRET_1 MASKED_SECRET_2 MASKED_SECRET_22 .")
        == "MASKED_SECRET_1 hunter2 MASKED_SECRET_22 ."
    )


ANSWERS = [
    "use MASKED_SECRET_1, then MASKED_SECRET_12!",
    "MASKED_SECRET_1",
    "MASKED_SECRET_12",
    "MASKED_SECRET_1MASKED_SECRET_12",
    "MASKED_MASKED_SECRET_1 MASKED_SECRET_ MASKED",
    "nothing MMMASKED here",
    "MASKED_SECRET_123",
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_placeholder_is_restored_wherever_it_is_split(answer):
    secrets = {"MASKED_SECRET_1": "one", "MASKED_SECRET_12": "twelve"}
    whole = Restorer(secrets)
    expected = whole.feed(answer) + whole.flush()
    assert (
        "one" in expected or "twelve" in expected or answer in ("nothing MMMASKED here", "MASKED_SECRET_123")
    )
    for first, second in itertools.combinations_with_replacement(range(len(answer) + 1), 2):
        restorer = Restorer(secrets)
        pieces = (answer[:first], answer[first:second], answer[second:])
        assert "".join(restorer.feed(piece) for piece in pieces) + restorer.flush() == expected
    one_by_one = Restorer(secrets)
    assert "".join(one_by_one.feed(character) for character in answer) + one_by_one.flush() == expected


def test_a_restorer_holds_back_no_more_than_a_placeholder():
    restorer = Restorer({"MASKED_SECRET_1": "one"})
    given = 0
    for taken, character in enumerate("M is for MASKED_SECRETS and MASKED_SECRET_", start=1):
        given += len(restorer.feed(character))
        assert taken - given <= len("MASKED_SECRET_1")
    assert restorer.feed("x") == "MASKED_SECRET_x"


def test_without_secrets_every_piece_passes_at_once():
    restorer = Restorer({})
    assert [restorer.feed(piece) for piece in ("MASK", "ED_", "x")] == ["MASK", "ED_", "x"]
    assert restorer.flush() == ""


def test_what_a_restorer_makes_of_what_a_masker_masked_is_what_was_there():
    text = "\n".join(around.format(secret) for _, secret, around in SECRETS)
    masked = Masker().mask(text)
    restorer = Restorer(masked.secrets)
    assert restorer.feed(masked.texts[0]) + restorer.flush() == text


@pytest.mark.parametrize(
    "text",
    [
        "password = '" + "_" * 20_000 + "é",
        "password" * 5_000,
        "token: " * 5_000,
        "-----BEGIN PRIVATE KEY-----" * 500,
        ("A" * 64 + "\n") * 500 + "-----END PRIVATE KEY",
        ("A" * 16 + "\n") * 2_000 + "-----END CERTIFICATE-----",
        "-----END CERTIFICATE-----\n" + "A" * 16 + "+" * 20_000 + "!",
        "-----BEGIN PRIVATE KEY-----\n" + "A" * 16 + "+" * 20_000 + "!",
        "eyJ" * 10_000,
        "https://" + "a:" * 10_000,
        "sk-" * 10_000,
    ],
    ids=range(11),
)
@pytest.mark.timeout(10)
def test_no_text_makes_masking_slow(text):
    Masker().mask(text)
