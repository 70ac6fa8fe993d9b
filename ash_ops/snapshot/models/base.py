"""How the APIs spell their fields, and the pair of name and value that several share."""

# No ``from __future__ import annotations`` here: pydantic would have to evaluate every annotation
# again, which takes as long as all the rest of loading these models.

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel, to_pascal

from ash_ops.snapshot.reading import Model


class Camel(Model):
    """A value of ECS or CloudWatch Logs: ``camelCase`` names."""

    model_config = ConfigDict(alias_generator=to_camel)


class Pascal(Model):
    """A value of EC2, ELB, IAM, CloudFormation or Secrets Manager: ``PascalCase`` names."""

    model_config = ConfigDict(alias_generator=to_pascal)


class NameValue(Camel):
    """A setting or an environment variable. A value that may be secret is masked as it is read.

    Attributes:
        masked: whether ``value`` is a mask; the facts below were taken before masking.
        is_empty: whether the value is empty or only white space.
        is_placeholder: whether it looks like an example's, for instance ``changeme``.
        flaws: what is wrong with its form, as in ``LocalKey``.
    """

    name: str = ""
    value: str | None = None
    masked: bool = False
    is_empty: bool | None = None
    is_placeholder: bool | None = None
    flaws: tuple[str, ...] = ()
