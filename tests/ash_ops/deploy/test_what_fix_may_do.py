"""Which steps of a repair ``doctor --fix`` takes itself: exact, harmless when repeated, and ours."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.aws import operations as op
from ash_ops.aws.client.session import Aws
from ash_ops.checks.base import Action, Finding, Fix, Interruption
from ash_ops.deploy.fix.exact import Line, execution_of
from ash_ops.diagnosis import Report, diagnose
from ash_ops.names import Deployment
from ash_ops.repairs.lines import joined
from tests.support import scenarios
from tests.support.mending import plan_of, session

NAMES = Deployment()
SET = "aws elbv2 modify-target-group --target-group-arn arn:1 --health-check-path /health"


@pytest.fixture(scope="module")
def aws() -> Aws:
    return session()


def finding(*steps: Fix, **more: Any) -> Finding:
    fields = {"id": "x", "cause": "x", "title": "X", "severity": "error"}
    known = {"confidence": "confirmed", "playbook": "deploy", "summary": "X."}
    return Finding(**{**fields, **known, **more, "fix": steps})


def execution(aws: Aws, command: str, why: str = "Do it.", **more: Any) -> Any:
    step = Fix(why=why, command=command)
    return execution_of(aws, NAMES, finding(step, **more), step)


def test_a_printed_call_is_made_with_the_types_of_the_api(aws: Aws) -> None:
    found = execution(
        aws,
        "aws ecs update-service --cluster c --service s --desired-count 1 --force-new-deployment "
        "--capacity-provider-strategy capacityProvider=FARGATE,base=1,weight=1 --region us-east-1",
    )
    assert found == Action(
        operation=op.UPDATE_SERVICE,
        parameters={
            "cluster": "c",
            "service": "s",
            "desiredCount": 1,
            "forceNewDeployment": True,
            "capacityProviderStrategy": [
                {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
            ],
        },
    )


def test_a_policy_given_in_place_goes_on_as_the_text_that_the_api_takes(aws: Aws) -> None:
    found = execution(
        aws,
        "aws iam put-role-policy --role-name r --policy-name p "
        """--policy-document '{"Version": "2012-10-17", "Statement": []}'""",
    )
    assert found.operation is op.PUT_ROLE_POLICY
    assert found.parameters["PolicyDocument"] == '{"Version": "2012-10-17", "Statement": []}'


@pytest.mark.parametrize(
    ("command", "remark"),
    [
        ("aws ecs update-service --cluster <cluster> --service s", "a placeholder"),
        ("aws iam put-role-policy --policy-document file://policy.json", "a file nobody has"),
        (f"{SET} --region eu-west-1", "another region"),
        (f"{SET} --cli-input-json x", "an option of the command, not of the call"),
        ("aws ecs update-service --cluster c --service s --desired-count one", "no number"),
        ("aws ecs update-service --cluster --service s", "a value that was forgotten"),
        ("aws elbv2 modify-target-group --health-check-path", "a switch where a text belongs"),
        ("aws iam update-assume-role-policy --role-name r --policy-document {}", "whom to trust"),
        ("aws ec2 authorize-security-group-ingress --group-id sg-1", "whom to admit"),
        ("aws cloudformation delete-stack --stack-name s", "not to be undone"),
        ("ash-ops rollout <TAG>", "a placeholder"),
        ("ash-ops deploy --launch-type ec2 --name other", "a second deployment"),
        ("ash-ops teardown", "nobody removes it as a repair"),
        ("curl http://x", "another program"),
        ("aws 'open quote", "nothing a shell could read"),
    ],
)
def test_what_is_not_exact_is_left_to_a_person(aws: Aws, command: str, remark: str) -> None:
    assert execution(aws, command) is None, remark


@pytest.mark.parametrize(
    "why",
    [
        "Make it there, or name the other region.",
        "Put ANTHROPIC_API_KEY in .env and deploy again.",
        "Choose a size.",
        "First see what uses it.",
        "Then do it again.",
        "Deploy it.",
    ],
)
def test_words_that_leave_a_choice_leave_the_step_to_a_person(aws: Aws, why: str) -> None:
    assert execution(aws, SET, why) is None


def test_a_cause_that_is_only_likely_is_not_repaired_by_itself(aws: Aws) -> None:
    assert execution(aws, SET, confidence="likely") is None


def test_a_command_of_ours_is_run_as_it_is_printed(aws: Aws) -> None:
    assert execution(aws, "ash-ops deploy --memory 4096") == Line(("deploy", "--memory", "4096"))
    assert execution(aws, "ash-ops rollout 0.2.0 --name ash-cloud") == Line(
        ("rollout", "0.2.0", "--name", "ash-cloud")
    )


def planned(aws: Aws, *findings: Finding, lose_sessions: bool = False, up: bool = False) -> Any:
    snapshot, _ = scenarios.load("healthy-as-it-is" if up else "switched-off")
    report = diagnose(snapshot)
    made = Report(deployment=report.deployment, status="problem", findings=findings)
    return plan_of(made, snapshot, lose_sessions=lose_sessions)


def changing(command: str, why: str = "Do it.", **more: Any) -> Fix:
    return Fix(why=why, command=command, **{"interrupts": Interruption.NOTHING, **more})


def test_another_way_to_the_same_end_is_not_gone_as_well(aws: Aws) -> None:
    found = planned(aws, finding(changing(SET), Fix(why="Or make the server slower.")))
    assert [r.command for r in found.repairs] == [SET]


def test_advice_before_a_command_comes_first_and_so_does_the_person(aws: Aws) -> None:
    found = planned(aws, finding(Fix(why="Write down the old value."), changing(SET)))
    assert found.repairs == ()
    assert len(found.left) == 1


PATH = {"TargetGroupArn": "arn:1", "HealthCheckPath": "/health"}


def test_advice_beside_a_call_that_a_check_worked_out_hinders_nothing(aws: Aws) -> None:
    """The check has said what is to be called: the words beside it are for a reader."""
    declared = changing(SET, action=Action(operation=op.MODIFY_TARGET_GROUP, parameters=PATH))
    found = planned(aws, finding(Fix(why="Think of the other listener."), declared))
    assert [repair.command for repair in found.repairs] == [SET]
    assert found.left == ()


def test_what_is_left_is_told_with_its_commands_and_advice_alone_has_none(aws: Aws) -> None:
    words, line = Fix(why="Ask whoever owns the zone."), changing("aws ecs create-thing --x <id>")
    (left,) = planned(aws, finding(words, line)).left
    assert left.commands == ("aws ecs create-thing --x <id>",)
    (only,) = planned(aws, finding(words)).left
    assert (only.commands, only.why) == (
        (), "it needs a decision, or work that no single call does",
    )  # fmt: skip


def test_several_deploys_are_one(aws: Aws) -> None:
    found = planned(
        aws,
        finding(changing("ash-ops deploy --memory 4096 --cpu 512", "More memory."), id="a"),
        finding(changing(SET), id="b"),
        finding(changing("ash-ops deploy --memory 8192 --cpu 1024 --efs", "Keep it."), id="c"),
    )
    assert [r.command for r in found.repairs] == [
        "ash-ops deploy --memory 8192 --cpu 1024 --efs",
        SET,
    ]
    assert found.repairs[0].why == "More memory. Keep it."


def test_deploys_that_contradict_each_other_are_left_to_a_person(aws: Aws) -> None:
    found = planned(
        aws,
        finding(changing("ash-ops deploy --architecture arm64"), id="a"),
        finding(changing("ash-ops deploy --architecture x86_64"), id="b"),
    )
    assert found.repairs == ()
    assert [left.why for left in found.left] == [
        "what it asks of `deploy` contradicts another repair"
    ] * 2


@pytest.mark.parametrize("harm", [Interruption.SESSIONS, Interruption.MAYBE])
def test_a_task_that_serves_is_replaced_only_where_its_loss_was_agreed_to(
    aws: Aws, harm: Interruption
) -> None:
    asked = finding(changing("ash-ops deploy", interrupts=harm))
    assert planned(aws, asked, up=True).repairs == ()
    assert "--lose-sessions" in planned(aws, asked, up=True).left[0].why
    assert len(planned(aws, asked, up=True, lose_sessions=True).repairs) == 1


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (
            Interruption.SESSIONS,
            "replaces the task, and then every running session ends (--lose-sessions agrees to that)",
        ),
        (
            Interruption.MAYBE,
            "may replace the task, and then every running session ends (--lose-sessions agrees to that)",
        ),
        (Interruption.SERVICE, "removes it, and then nothing answers until it is made again"),
        (Interruption.CALLERS, "shuts out every caller whose address is not named"),
        (Interruption.DATA, "destroys what it holds for good"),
        (Interruption.UNKNOWN, "what it interrupts is not known"),
    ],
)
def test_why_a_repair_is_left_where_a_task_serves_is_one_sentence(
    aws: Aws, harm: Interruption, why: str
) -> None:
    (left,) = planned(aws, finding(changing(SET, interrupts=harm)), up=True).left
    assert left.why == f"a task serves now, and the repair {why}"
    assert len(planned(aws, finding(changing(SET, interrupts=harm))).repairs) == 1, "nothing serves"


@pytest.mark.parametrize(
    "harm", [Interruption.NOTHING, Interruption.CONNECTIONS, Interruption.ROUTE]
)
def test_what_spares_the_task_that_serves_is_done(aws: Aws, harm: Interruption) -> None:
    assert len(planned(aws, finding(changing(SET, interrupts=harm)), up=True).repairs) == 1


def test_what_follows_from_something_or_is_a_warning_is_not_repaired_by_itself(aws: Aws) -> None:
    for more in ({"explained_by": "another"}, {"severity": "warning"}):
        found = planned(aws, finding(changing(SET), **more))
        assert (found.repairs, found.left) == ((), ())


def test_a_command_that_two_findings_print_is_made_once(aws: Aws) -> None:
    found = planned(aws, finding(changing(SET), id="a"), finding(changing(SET), id="b"))
    assert [repair.finding.id for repair in found.repairs] == ["a"]


def test_nobody_is_shut_out_even_so(aws: Aws) -> None:
    asked = finding(changing(SET, interrupts=Interruption.CALLERS))
    assert planned(aws, asked, up=True, lose_sessions=True).repairs == ()


@pytest.mark.parametrize(
    ("lines", "together"),
    [
        (["ash-ops deploy", "ash-ops deploy"], "ash-ops deploy"),
        (["ash-ops deploy --efs", "ash-ops deploy --cpu 512"], "ash-ops deploy --efs --cpu 512"),
        (["ash-ops deploy --no-efs", "ash-ops deploy --efs"], None),
        (["ash-ops deploy --allow-cidr 10.0.0.0/8 --allow-cidr 172.16.0.0/12"], None),
        (["ash-ops deploy", "ash-ops rollback"], None),
        ([], None),
    ],
)
def test_lines_are_joined_where_they_agree(lines: list[str], together: str | None) -> None:
    assert joined(lines) == together
