"""A ``.env`` may not stall a command, and says first where it sends calls and keys."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ash_ops.env_file import LIMIT
from ash_ops.errors import UsageProblem
from ash_ops.settings import Options, Settings, load

ROOT = Path(__file__).resolve().parents[2]


def settings(folder: Path, text: str, options: Options | None = None, **env: str) -> Settings:
    """The settings of a command that runs where a ``.env`` of this text is."""
    file = folder / ".env"
    file.write_text(text)
    file.chmod(0o600)
    return load(options or Options(), env)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class TestWhatIsNoFileOfSettings:
    """It ends at once, with what, why and next."""

    @staticmethod
    def refusal(path: str) -> UsageProblem:
        before = time.monotonic()
        with pytest.raises(UsageProblem) as problem:
            load(Options(env_file=path), {})
        assert time.monotonic() - before < 2
        assert "--env-file" in problem.value.next_step
        return problem.value

    @pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such device")
    @pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom", "/dev/full"])
    def test_a_device(self, device: str) -> None:
        assert "device" in self.refusal(device).why

    def test_a_pipe_that_nobody_writes_to(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        assert "pipe" in self.refusal("pipe").why

    def test_a_link_to_a_device(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to("/dev/zero")
        assert "device" in self.refusal("link").why

    def test_a_directory(self, tmp_path: Path) -> None:
        assert "directory" in self.refusal(str(tmp_path)).why

    def test_a_huge_file(self, tmp_path: Path) -> None:
        (tmp_path / "huge").write_bytes(b"A=b\n" * (LIMIT // 4 + 1))
        assert "larger" in self.refusal("huge").why

    def test_one_of_the_largest_size_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "large").write_bytes(b"#" * (LIMIT - 12) + b"\nASH_A=b\n")
        assert load(Options(env_file="large"), {}).get("ASH_A") == "b"

    @pytest.mark.parametrize("content", [b"A=b\0c\n", b"\x89PNG\r\n\x1a\n\xff\xfe"])
    def test_a_binary_file(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "binary").write_bytes(content)
        assert "text" in self.refusal("binary").why

    def test_a_name_that_no_file_can_have(self) -> None:
        assert self.refusal("a\0b").why

    def test_the_empty_device_says_that_no_file_is_wanted(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("AWS_ENDPOINT_URL=http://127.0.0.1:1\n")
        assert load(Options(env_file=os.devnull), {}).endpoint_url is None


class TestWhereItLeads:
    @pytest.mark.parametrize(
        ("line", "shown"),
        [
            ("AWS_ENDPOINT_URL=http://127.0.0.1:9", "AWS_ENDPOINT_URL (http://127.0.0.1:9)"),
            ("AWS_ENDPOINT_URL_SECRETSMANAGER=http://a.b", "AWS_ENDPOINT_URL_SECRETSMANAGER"),
            ("AWS_ENDPOINT_URL_STS=https://a.b:8443/x", "https://a.b:8443)"),
            ("ASH_SERVER_URL=http://a.b:4100", "ASH_SERVER_URL (http://a.b:4100)"),
            ("AWS_PROFILE=other", "AWS_PROFILE (other)"),
            ("AWS_CA_BUNDLE=ca.pem", "AWS_CA_BUNDLE (ca.pem)"),
            ("HTTPS_PROXY=http://a.b:3128", "HTTPS_PROXY"),
            ("https_proxy=http://a.b:3128", "https_proxy"),
            ("AWS_SHARED_CREDENTIALS_FILE=x", "AWS_SHARED_CREDENTIALS_FILE"),
        ],
    )
    def test_is_said_first(self, tmp_path: Path, line: str, shown: str) -> None:
        (note, *_) = settings(tmp_path, f"ASH_A=b\n{line}\n").notes
        assert shown in note
        assert "\n" not in note

    def test_no_password_and_no_escape_is_shown(self, tmp_path: Path) -> None:
        text = 'AWS_ENDPOINT_URL=http://user:hunter2@a.b:1\nHTTPS_PROXY="x\x1b]0;y\x07"\n'
        (note, *_) = settings(tmp_path, text).notes
        assert "hunter2" not in note
        assert note.isprintable()

    def test_what_something_nearer_hides_is_not(self, tmp_path: Path) -> None:
        text = "AWS_ENDPOINT_URL=http://127.0.0.1:9\nAWS_PROFILE=other\n"
        near = Options(endpoint_url="http://127.0.0.1:8", profile="own")
        assert settings(tmp_path, text, near).notes == ()
        env = {"AWS_ENDPOINT_URL": "http://127.0.0.1:8", "AWS_PROFILE": "own"}
        assert settings(tmp_path, text, **env).notes == ()

    def test_a_file_that_was_asked_for_is_trusted(self, tmp_path: Path) -> None:
        text = "AWS_ENDPOINT_URL=http://127.0.0.1:9\n"
        assert settings(tmp_path, text, Options(env_file=".env")).notes == ()

    def test_other_variables_are_no_news(self, tmp_path: Path) -> None:
        assert settings(tmp_path, "ASH_ECS_CPU=1024\nAWS_REGION=eu-west-1\n").notes == ()

    def test_is_the_first_line_of_what_a_command_prints(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text(
            "AWS_ENDPOINT_URL=http://127.0.0.1:9\nAWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\n"
        )
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "ASH_"))}
        for command in (["status"], ["doctor", "-v", "--timeout", "1"], ["connect"]):
            done = subprocess.run(
                [sys.executable, "-m", "ash_ops", *command],
                cwd=tmp_path,
                env=clean | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert "AWS_ENDPOINT_URL (http://127.0.0.1:9)" in done.stderr.splitlines()[0], command
            assert "AWS_ENDPOINT_URL" not in done.stdout


class TestWhoCanReadIt:
    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
    def test_is_told_once_where_it_holds_keys(self, tmp_path: Path, mode: int) -> None:
        settings(tmp_path, "ANTHROPIC_API_KEY=x\nASH_API_KEY=y\n")
        (tmp_path / ".env").chmod(mode)
        notes = load(Options(), {}).notes
        assert len(notes) == 1
        assert "chmod 600" in notes[0]

    def test_is_not_where_it_is_the_owners_alone_or_holds_none(self, tmp_path: Path) -> None:
        assert settings(tmp_path, "ANTHROPIC_API_KEY=x\n").notes == ()
        settings(tmp_path, "ASH_ECS_CPU=1\nANTHROPIC_API_KEY=\n")
        (tmp_path / ".env").chmod(0o644)
        assert load(Options(), {}).notes == ()
