"""Areas of acts: invented calls, each with what it is, and the lowest and the highest risk that is right."""

from dataclasses import replace

import pytest

from analysis.assess import assess
from analysis.model import Area, Effect, Parameter, SchemeUse, SourceId, Tool, ToolId, ToolType

RANK = {"L": 0, "M": 1, "H": 2}

ACTS = """
admin  H.H  POST   /users/{id}/deactivate                   deactivateUser
admin  H.H  POST   /users/{id}/roles                        assignRole
admin  H.H  DELETE /teams/{id}/members/{m}                  removeTeamMember
admin  H.H  PUT    /repos/{r}/branches/{b}/protection       updateProtection
admin  L.H  POST   /groups/{g}/share                        shareGroup
admin  H.H  PATCH  /organizations/{id}/settings             updateOrganizationSettings
admin  H.H  PUT    /sys/audit/{path}                        enableAuditDevice
admin  H.H  POST   /sys/seal                                seal
admin  H.H  POST   /nodes/{n}/drain                         drainNode
admin  H.H  POST   /plugins/{p}/enable                      enablePlugin
admin  H.H  PUT    /feature-flags/{f}                       updateFeatureFlag
admin  L.H  POST   /snapshots/{s}/restore                   restoreSnapshot
admin  H.H  DELETE /runners/{id}                            deleteRunner
admin  H.H  POST   /projects/{id}/transfer                  transferProject
admin  H.H  PUT    /files/{id}/permissions                  updatePermissions
admin  H.H  POST   /drives/{id}/items/{i}/invite            inviteToItem
admin  H.H  POST   /invitations                             createInvitation
admin  H.H  PUT    /workspaces/{w}/owner                    changeOwner
admin  H.H  PUT    /security/mfa                            disableMfa
admin  H.H  POST   /impersonation                           impersonateUser
admin  H.H  POST   /api-keys                                createApiKey
admin  H.H  POST   /oauth/clients                           createOauthClient
admin  H.H  PUT    /sso/config                              updateSsoConfig
-      M.M  POST   /lists/{id}/members                      addListMember
-      M.M  PUT    /users/me/profile                        updateMyProfile
-      M.M  PATCH  /customers/{id}                          updateCustomer
-      M.M  POST   /contacts                                createContact
-      M.M  PATCH  /tickets/{id}                            updateTicket
-      M.M  POST   /tickets/{id}/comments                   addComment
-      M.M  POST   /notes                                   createNote
-      M.M  POST   /products                                createProduct
-      M.M  PATCH  /products/{id}                           updateProduct
money  H.H  POST   /invoices                                createInvoice
money  H.H  POST   /invoices/{id}/finalize                  finalizeInvoice
money  H.H  POST   /orders/{id}/refunds                     createRefund
-      M.H  POST   /orders/{id}/cancel                      cancelOrder
money  H.H  POST   /payouts                                 createPayout
money  H.H  PUT    /bills/{id}                              updateBill
money  H.H  POST   /journals                                createJournal
money  H.H  POST   /credit-notes                            createCreditNote
money  H.H  POST   /gift_cards                              createGiftCard
money  H.H  POST   /quotes/{id}/send                        sendQuote
money  H.H  POST   /expenses                                createExpense
money  H.H  POST   /payroll/runs/{id}/approve               approvePayrollRun
money  H.H  POST   /wallets/{id}/withdraw                   withdraw
money  H.H  POST   /transfers                               createTransfer
-      M.H  POST   /disputes/{id}/evidence                  submitEvidence
-      L.H  POST   /webhooks/subscriptions                  createSubscription
-      L.H  POST   /device/{id}/charge                      startCharge
-      M.M  POST   /reviews                                 createReview
-      M.M  POST   /files                                   uploadFile
-      M.M  POST   /calls/{id}/transfer                     transferCall
-      M.M  POST   /tickets/{id}/transfer                   transferTicket
-      M.M  POST   /inventory/transfers                     createInventoryTransfer
-      L.H  POST   /domains/{d}/transfer                    transferDomain
-      M.H  POST   /coupons                                 createCoupon
-      M.H  POST   /prices                                  createPrice
money  L.H  POST   /budgets                                 createBudget
-      M.M  POST   /disruption-budgets                      createDisruptionBudget
-      L.H  DELETE /boards/{b}/subscription                 deleteBoardSubscription
money  L.H  DELETE /customers/{c}/subscription              deleteSubscription
-      M.M  PUT    /policy/v1/quotas/{q}                    replacePolicyV1Quota
admin  H.H  PUT    /policies/v1/{p}                         replacePolicy
money  H.H  POST   /payments/{id}/capture                   capturePayment
-      M.M  POST   /labels                                  createLabel
admin  H.H  PUT    /users/{id}/password                     changePassword
-      M.M  POST   /branches                                createBranch
-      M.H  POST   /deployments                             createDeployment
admin  H.H  POST   /clusters/{id}/upgrade                   upgradeCluster
admin  H.H  POST   /maintenance                             enableMaintenanceMode
admin  H.H  PUT    /retention-policies/{id}                 updateRetentionPolicy
admin  L.H  POST   /license                                 uploadLicense
"""


def tool(method, path, name, **more):
    return Tool(ToolId(name), SourceId("s"), name, method, path, name, "", "", "0" * 64, "", **more)


@pytest.mark.parametrize("line", ACTS.strip().splitlines(), ids=lambda line: line.split()[4])
def test_what_an_act_is(line):
    label, bounds, method, path, name = line.split()
    said = assess(tool(method, path, name))
    least, most = bounds.split(".")
    assert RANK[least] <= said.risk.rank <= RANK[most], said
    assert (ToolType.ADMINISTRATIVE in said.types) is (label == "admin")
    assert (ToolType.BILLING in said.types) is (label == "money")


@pytest.mark.parametrize(
    ("method", "path", "name", "area"),
    [
        ("PUT", "/clubs/{club}/members/{user}", "addClubMember", Area.ACCESS_CONTROL),
        ("DELETE", "/lodges/{id}/burglar-alarm", "disableAlarm", Area.ACCESS_CONTROL),
        ("PUT", "/sys/audit/{path}", "enableAuditDevice", Area.SYSTEM_OPERATION),
        ("PUT", "/settings", "updateSettings", Area.SYSTEM_OPERATION),
        ("POST", "/nodes/{id}/cordon", "cordonNode", Area.SYSTEM_OPERATION),
        ("POST", "/invoices/{id}/void", "voidInvoice", Area.BILLING),
    ],
)
def test_the_area_of_an_act(method, path, name, area):
    assert area in assess(tool(method, path, name)).areas


@pytest.mark.parametrize(
    ("field", "gives"), [("isSuperuser", True), ("groups", True), ("role", True), ("nickname", False)]
)
def test_a_field_that_gives_a_user_rights(field, gives):
    plain = tool("PATCH", "/users/{id}", "updateUser", request_fields=("nickname", field))
    assert (ToolType.ADMINISTRATIVE in assess(plain).types) is gives
    argument = Parameter(field, "argument", required=False, type="string", description="")
    listed = replace(
        plain, method="", path="", name="update_member", operation_id="", request_fields=(), parameters=(argument,)
    )
    assert (ToolType.ADMINISTRATIVE in assess(listed).types) is gives


def test_a_charge_of_a_battery_is_no_money():
    plain = tool("", "", "begin_charge")
    assert ToolType.BILLING in assess(replace(plain, description="Charges the card of a customer")).types
    said = assess(replace(plain, description="Starts charging the vehicle that is plugged in"))
    assert (said.effect is Effect.CRITICAL, ToolType.BILLING in said.types) == (False, False)


def test_a_subscription_to_events_is_no_money():
    plain = tool("POST", "/subscriptions", "createSubscription")
    assert ToolType.BILLING in assess(plain).types
    assert ToolType.BILLING not in assess(replace(plain, request_fields=("notificationUrl", "changeType"))).types


def test_the_name_of_a_path_parameter_is_no_object():
    """A generator has put `{rate_token}` into the name; nothing is done to a token."""
    assert ToolType.ADMINISTRATIVE not in assess(tool("POST", "/rates/{rate_token}", "PostRatesRateToken")).types


def test_who_may_sign_up_is_let_in_by_nobody():
    key = SchemeUse("key", "apiKey-header", ())
    plain = tool("POST", "/users", "createUser", request_fields=("email", "isStaff"), security=((key,),))
    assert ToolType.ADMINISTRATIVE in assess(plain).types
    assert ToolType.ADMINISTRATIVE not in assess(replace(plain, security=((key,), ()))).types
    raised = tool("PUT", "/users/{id}/roles", "assignRole", security=((key,), ()))
    assert ToolType.ADMINISTRATIVE in assess(raised).types


def test_the_role_of_a_speaker_gives_no_rights():
    plain = tool("POST", "/agents/{id}/talks", "createAgentTalk", request_fields=("role",))
    assert ToolType.ADMINISTRATIVE in assess(plain).types
    assert ToolType.ADMINISTRATIVE not in assess(replace(plain, request_fields=("role", "content"))).types
