"""What simple rules get wrong, a case for each kind of failure, in words of our own."""

import pytest

from analysis.assess import assess
from analysis.model import Effect, SourceId, Tool, ToolId

READS = """
POST | /                      | DescribeMirrorRules          | Describes the mirror rules
POST | /                      | DescribeGatewayAssociations  | Lists the associations of a gateway
POST | /                      | GetLogFields                 | Returns the fields of a log group
POST | /rest/search           | searchTickets                | Searches for tickets
POST | /v1/log-queries/list   | listLogs                     | List logs that match a query
POST | /markdown              | markdown/render              | Render a document as HTML
POST | /v1/allocations        | getAllocations               | Gets allocations for given people
POST | /people/{id}/names     | post_people_id_names         | Return the names of a set of items | Return names for a list of ids
POST | /me/memberGroups       | getMemberGroups              | Returns the groups of a member
POST | /reports/cached         | getCachedReport              | Gets a cached report
POST | /                      | BatchGetSandboxes            | Gets information about sandboxes
POST | /                      | SimulatePrincipalPolicy      | Simulates how a policy works with a set of actions
POST | /                      | InferDrugNorms               | Detects medications and links them to concepts
POST | /                      | ReverseGeocode               | Returns the address of a position
-    | -                      | servicebus_queue_peek        | Peek at messages of a queue
-    | -                      | metrics_definitions          | List metric definitions | Lists what can be measured
-    | -                      | storage_import_job_get       | Get an import job
-    | -                      | batch_get_changelogs         | Get the changelogs of several tickets
GET  | /watch/pods            | watchPods                    | watch changes to a list
POST | /files/list_folder/continue | files_list_folder_continue | Goes on with a listing
POST | /team/groups/members/list   | team_groups_members_list   | Lists members of a group
POST | /accounts/balance/get  | accountsBalanceGet           | Retrieve real-time balances
-    | -                      | cluster_network_nodes     | -                           | Lists the nodes of a cluster
-    | -                      | design_topic_names        | Design topic names          | Suggests names for topics
-    | -                      | typescript_types_generate | Generate types              | Generates types for a schema
-    | -                      | org_invite_list_own       | -                           | Shows your invitations
-    | -                      | GenerateCostSuggestions   | -                           | Generates suggestions to save money
-    | -                      | CheckAlias                | -                           | Grants permission to verify whether an alias is free
POST | /rpc                   | checkJobStatus            | -
POST | /payouts/intent/get    | payoutIntentGet           | -
POST | /transfers/events/list | transferEventsList        | -
"""
ACTS = """
GET  | /pods/{name}/exec          | connectGetPodExec        | connect GET requests to exec of a pod
GET  | /pods/{name}/attach        | connectGetPodAttach      | -
GET  | /pods/{name}/portforward   | connectGetPodPortforward | -
GET  | /nodes/{name}/proxy/{path} | connectGetNodeProxyPath  | -
GET  | /fleets/{id}/roles         | AssumeFleetRole          | Get credentials of the role of a fleet
GET  | /confirm/{token}           | ConfirmDestination       | Confirms a destination
POST | /                          | GetTokensFromRefreshToken | Returns new tokens for a refresh token
POST | /                          | GetWorkloadAccessToken   | Obtains an access token for a workload
POST | /                          | GetFileUploadUrls        | Gets addresses to upload files to
POST | /                          | RetrieveConnectionCredentials | Retrieves credentials of a connection
POST | /                          | PollForTask              | Polls for a task to perform
POST | /                          | TestFailover             | Tests whether failover works
POST | /                          | VerifySoftwareToken      | Registers a verified device
POST | /                          | CheckInLicense           | Checks in a licence
POST | /                          | ExportSnapshot           | Exports a snapshot
POST | /                          | ExportRecommendations    | Exports recommendations to a bucket
POST | /                          | TestAlarm                | Tests an alarm by showing a banner
POST | /domains/{id}/verify       | verifyDomain             | Verifies the ownership of a domain
POST | /users/{id}/exportPersonalData | exportPersonalData   | Submits a request for an export
-    | -                          | mark_all_notifications_read | Mark all notifications as read
-    | -                          | resolve_review_thread    | Resolve a review thread
-    | -                          | browser_select_option    | Select an option in a dropdown
-    | -                          | loadtesting_test_create  | Create a load test
POST | /                          | ConfigureHealthCheck     | Specifies the health check settings
POST | /accounts/{id}/enableAdministratorAccount | enableAdministratorAccount | Enables the account
-    | -                          | email_send               | Send an email
-    | -                          | query_warehouse          | Query a warehouse with SQL statements
POST | /                          | InvokeAgent              | Sends a prompt to an agent
POST | /team/members/set_admin    | team_members_set_admin   | Updates the role of a member
POST | /item/public_token/exchange | itemPublicTokenExchange | Exchange a public token
-    | -                          | getOrCreateUser          | Gets a user
-    | -                          | query_snowflake          | Query a warehouse | Returns rows
-    | -                          | generate_access_token    | -                 | Generates a token
-    | -                          | frobnicator              | -                 | Lists the things
POST | /x                         | networkNodes             | -                 | Lists the nodes of a network
POST | /signals/decision/report   | signalDecisionReport     | -
POST | /transfers/list            | transferList             | -
POST | /keys/decrypt              | Decrypt                  | Returns the plain text
-    | -                          | getThings                | Gets the things and removes them
"""


def cases(text):
    rows = [[cell.strip().removeprefix("-") or "" for cell in line.split("|")] for line in text.strip().splitlines()]
    return [pytest.param(*row[:4], row[4] if len(row) > 4 else "", id=row[2]) for row in rows]


def tool(method, path, name, summary, description):
    operation = name if method else ""
    return Tool(
        ToolId("s:t"), SourceId("s"), name, method, path, operation, summary, description, "0" * 64, ""
    )  # fmt: skip


@pytest.mark.parametrize(("method", "path", "name", "summary", "description"), cases(READS))
def test_it_reads(method, path, name, summary, description):
    assert assess(tool(method, path, name, summary, description)).effect is Effect.READ


@pytest.mark.parametrize(("method", "path", "name", "summary", "description"), cases(ACTS))
def test_it_does_not_read(method, path, name, summary, description):
    assert assess(tool(method, path, name, summary, description)).effect is not Effect.READ


@pytest.mark.parametrize("verb", ["predict", "invoke", "execute", "query", "run", "test", "verify", "export", "frob"])
@pytest.mark.parametrize("method", ["POST", ""])
def test_what_may_ask_or_act_is_unclear(verb, method):
    said = assess(tool(method, "/x" if method else "", f"{verb}_thing", "", ""))
    assert (said.effect, said.unclear) == (Effect.SIDE_EFFECT, True)
    assert said.confidence < 0.95
