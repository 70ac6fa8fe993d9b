"""Options, environment and .env become one checked Settings, or a complaint that names the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from ash_ops.errors import ExitCode, UsageProblem
from ash_ops.settings import Options, load, read_env_file


def write(tmp_path: Path, text: str) -> Options:
    path = tmp_path / "some.env"
    path.write_text(text)
    return Options(env_file=str(path))


class TestPrecedence:
    """Option, environment, .env, default: the nearer place wins."""

    def test_the_option_wins(self, tmp_path: Path) -> None:
        options = write(tmp_path, "AWS_REGION=eu-west-1\n")
        given = Options(region="eu-west-3", env_file=options.env_file)
        assert load(given, {"AWS_REGION": "eu-west-2"}).region == "eu-west-3"

    def test_the_environment_hides_the_file(self, tmp_path: Path) -> None:
        options = write(tmp_path, "AWS_REGION=eu-west-1\n")
        assert load(options, {"AWS_REGION": "eu-west-2"}).region == "eu-west-2"

    def test_an_empty_variable_hides_nothing(self, tmp_path: Path) -> None:
        options = write(tmp_path, "AWS_REGION=eu-west-1\n")
        assert load(options, {"AWS_REGION": ""}).region == "eu-west-1"

    def test_the_guides_name_for_the_region_is_read(self) -> None:
        assert load(Options(), {"AWS_DEFAULT_REGION": "ap-south-1"}).region == "ap-south-1"

    def test_the_name_defaults_to_the_guides_prefix(self) -> None:
        assert load(Options(), {}).deployment.prefix == "ash-cloud"
        assert load(Options(), {"ASH_OPS_NAME": "blue"}).deployment.cluster == "blue"


class TestCredentials:
    """The credentials of the nearest place are used, as boto3 itself would."""

    @pytest.mark.parametrize(
        ("environment", "file", "profile"),
        [
            ({"AWS_PROFILE": "ops"}, "", "ops"),
            ({"AWS_PROFILE": "ops", "AWS_ACCESS_KEY_ID": "k"}, "", None),
            ({"AWS_PROFILE": "ops"}, "AWS_ACCESS_KEY_ID=k\n", "ops"),
            ({"AWS_ACCESS_KEY_ID": "k"}, "AWS_PROFILE=ops\n", None),
            ({}, "AWS_PROFILE=ops\nAWS_ACCESS_KEY_ID=k\n", None),
        ],
    )
    def test_profile_or_keys(
        self, tmp_path: Path, environment: dict[str, str], file: str, profile: str | None
    ) -> None:
        assert load(write(tmp_path, file), environment).profile == profile


class TestEnvFile:
    """A .env is read as the guide writes it, and a bad line is named without being shown."""

    def test_quotes_comments_and_exports_are_understood(self, tmp_path: Path) -> None:
        settings = load(write(tmp_path, "# c\nexport A='x y'\nB=\"z\" # why\nC=\n"), {})
        assert settings.get("A") == "x y"
        assert settings.get("B") == "z"
        assert settings.get("C") is None

    def test_a_byte_order_mark_is_no_part_of_a_name(self, tmp_path: Path) -> None:
        settings = load(write(tmp_path, "\ufeffA=1\n"), {})
        assert settings.get("A") == "1"

    @pytest.mark.parametrize("line", ["sk-ant-secret", "A='unclosed", "= value"])
    def test_a_malformed_line_is_named_and_not_shown(self, tmp_path: Path, line: str) -> None:
        with pytest.raises(UsageProblem) as caught:
            load(write(tmp_path, f"OK=1\n{line}\n"), {})
        assert caught.value.exit_code is ExitCode.USAGE
        assert "line 2" in caught.value.why
        assert line not in f"{caught.value}{caught.value.next_step}"

    def test_a_missing_file_matters_only_if_it_was_named(self, tmp_path: Path) -> None:
        assert read_env_file(tmp_path / "none", required=False) == {}
        with pytest.raises(UsageProblem, match="cannot be read"):
            load(Options(env_file=str(tmp_path / "none")), {})

    def test_a_folder_or_bytes_are_a_clear_complaint(self, tmp_path: Path) -> None:
        (tmp_path / "b.env").write_bytes(b"\xff\xfe\x00")
        for path in (tmp_path, tmp_path / "b.env"):
            with pytest.raises(UsageProblem, match="cannot be read"):
                load(Options(env_file=str(path)), {})


@pytest.mark.parametrize("name", ["", "A", "1st", "under_score", "x" * 29, "ends-", "a b"])
def test_an_impossible_name_is_refused_before_anything_is_read(name: str) -> None:
    with pytest.raises(UsageProblem, match="cannot be used"):
        load(Options(name=name or " "), {})


def test_an_endpoint_is_a_url() -> None:
    with pytest.raises(UsageProblem, match="endpoint"):
        load(Options(endpoint_url="localhost:4566"), {})


def test_secrets_are_in_no_repr(tmp_path: Path) -> None:
    settings = load(
        write(tmp_path, "ASH_API_KEY=planted-value\n"), {"ANTHROPIC_API_KEY": "planted"}
    )
    secret = settings.secret("ASH_API_KEY")
    assert secret is not None
    assert secret.reveal() == "planted-value"
    assert "planted" not in f"{settings!r} {secret!r} {secret} {settings.variables!r}"
