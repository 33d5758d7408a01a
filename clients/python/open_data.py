"""The awards as open data, read by programs that know the standards and not us. Run by clients/run in CI.

Every opportunity and award goes through the models of the CommonGrants SDK, which the protocol's authors publish; the
360Giving package through the rules of that standard's schema.
"""

from __future__ import annotations

import os
import re
from datetime import date
from typing import Any

import httpx
from common_grants_sdk.schemas.pydantic.models.award import AwardBase
from common_grants_sdk.schemas.pydantic.models.opp_base import OpportunityBase

BASE_URL = os.environ.get("API_URL", "http://127.0.0.1:8080")


def export(format_: str) -> Any:
    """Without a login: it is for everyone."""
    answer = httpx.get(f"{BASE_URL}/v1/awards/export", params={"format": format_}, timeout=30)
    answer.raise_for_status()
    return answer.json()


def check_organisation(organisation: dict[str, Any]) -> None:
    assert organisation["id"] and organisation["name"], organisation


# --- CommonGrants ---------------------------------------------------------------------------------------------------

common = export("common_grants")
opportunities = [OpportunityBase.model_validate(item) for item in common["opportunities"]]
awards = [AwardBase.model_validate(item) for item in common["awards"]]
rounds = {opportunity.id for opportunity in opportunities}
assert awards, "nothing was awarded, so nothing is proven"
for award in awards:
    assert award.opportunity is not None and award.opportunity.id in rounds
    assert award.funding is not None and award.funding.awarded_amount is not None
    assert award.funding.awarded_amount.currency == "BDT"

# --- 360Giving, version 1.4: what its schema requires, and of which form ----------------------------------------------

package = export("three_sixty_giving")
assert re.fullmatch(r"\d+\.\d+", package["version"])
assert package["publisher"]["name"] and package["license"].startswith("https://")
date.fromisoformat(package["issued"])
grants = package["grants"]
assert len({grant["id"] for grant in grants}) == len(grants) == len(awards)
for grant in grants:
    assert grant["id"].startswith("360G-") and grant["title"] and grant["description"], grant
    assert grant["currency"] == "BDT" and isinstance(grant["amountAwarded"], int | float), grant
    date.fromisoformat(grant["awardDate"])
    assert grant["recipientOrganization"] and grant["fundingOrganization"], grant
    for organisation in grant["recipientOrganization"] + grant["fundingOrganization"]:
        check_organisation(organisation)
    assert all(place["countryCode"] == "BD" for place in grant["beneficiaryLocation"])
    assert grant["fromOpenCall"] in {"Yes", "No"}

print(f"Python: {len(awards)} awards of {len(rounds)} rounds read as CommonGrants and as 360Giving")
