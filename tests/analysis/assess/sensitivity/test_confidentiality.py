"""Confidential content by resource: invented tools, each with the lowest and the highest risk that is right.

L, M and H are low, medium and high. A figure about a thing, a catalogue and one ordinary record are low; secrets are high.
"""

import json
from dataclasses import replace

import pytest

from analysis.assess import assess, assess_all
from analysis.ingest import read
from analysis.model import Confidentiality, DataHit, Risk, SourceId, Tool, ToolId

RANK = {"L": 0, "M": 1, "H": 2}

CALLS = """
M.H  /v1/employees                                listEmployees
L.M  /v1/employees/{id}                           getEmployee
M.H  /employees/{id}/compensation                 getCompensation
M.H  /employees/{id}/documents                    listEmployeeDocuments
M.H  /payroll/runs                                listPayrollRuns
L.L  /time-off/policies                           listTimeOffPolicies
L.L  /departments                                 listDepartments
L.L  /job-titles                                  listJobTitles
M.H  /candidates/{id}/resume                      getResume
H.H  /patients/{id}                               getPatient
M.H  /contacts                                    listContacts
L.M  /contacts/{id}                               getContact
M.H  /deals                                       listDeals
M.H  /deals/{id}/notes                            listDealNotes
L.L  /pipelines                                   listPipelines
L.L  /pipelines/{id}/stages                       listPipelineStages
M.H  /tickets/{id}                                getTicket
M.H  /tickets/{id}/comments                       listTicketComments
L.L  /ticket_fields                               listTicketFields
L.L  /ticket-forms                                listTicketForms
L.L  /tickets/count                               countTickets
L.L  /users/count                                 countUsers
M.H  /incidents/{id}                              getIncident
L.L  /services/{id}/health                        getServiceHealth
L.L  /status                                      getStatus
L.M  /oncall/schedules                            listSchedules
M.H  /projects/{id}/repository/files/{path}       getFile
L.M  /projects/{id}/repository/tree               listTree
L.L  /projects/{id}/repository/branches           listBranches
M.H  /projects/{id}/variables                     listVariables
M.H  /projects/{id}/jobs/{job}/trace              getJobTrace
L.M  /projects/{id}/pipelines                     listPipelines
M.H  /projects/{id}/merge_requests/{iid}/changes  getMergeRequestChanges
M.H  /projects/{id}/vulnerability_findings        listFindings
M.H  /audit_events                                listAuditEvents
H.H  /personal_access_tokens                      listTokens
M.H  /orgs/{org}/secret-scanning/alerts           listSecretScanningAlerts
H.H  /v1/secret/data/{path}                       readSecret
L.L  /sys/health                                  getHealth
L.M  /sys/mounts                                  listMounts
M.H  /bucket/{b}/objects/{o}                      getObject
L.M  /buckets                                     listBuckets
L.M  /files/{id}/metadata                         getFileMetadata
M.H  /files/{id}/content                          downloadFile
L.M  /folders/{id}/items                          listFolderItems
L.L  /file-types                                  listFileTypes
L.M  /channels                                    listChannels
M.H  /channels/{id}/messages                      listMessages
M.H  /channels/{id}/members                       listChannelMembers
L.L  /emojis                                      listEmojis
M.H  /me/messages                                 listMyMessages
M.H  /me/mailFolders/{id}/messages                listMailFolderMessages
L.M  /me/drive/root/children                      listChildren
L.M  /me                                          getMe
M.H  /orders                                      listOrders
L.L  /products                                    listProducts
L.L  /products/{id}/variants                      listVariants
L.M  /products/{id}/reviews                       listProductReviews
L.L  /inventory_levels                            listInventoryLevels
L.M  /carts/{id}                                  getCart
M.H  /gift_cards                                  listGiftCards
L.M  /customers/{id}/addresses                    listCustomerAddresses
L.L  /countries                                   listCountries
L.L  /shipping-rates                              listShippingRates
L.L  /tax-rates                                   listTaxRates
L.L  /currencies                                  listCurrencies
L.L  /exchange-rates                              getExchangeRates
M.H  /bank-accounts                               listBankAccounts
M.H  /bank-accounts/{id}/transactions             listTransactions
M.H  /accounts/{id}/balance                       getBalance
M.H  /reports/profit-and-loss                     getProfitAndLoss
L.M  /instances                                   listInstances
M.H  /instances/{id}/console-output               getConsoleOutput
L.L  /regions                                     listRegions
H.H  /clusters/{id}/kubeconfig                    getKubeconfig
H.H  /databases/{id}/credentials                  getDatabaseCredentials
L.M  /databases/{id}/backups                      listBackups
L.M  /certificates                                listCertificates
L.L  /dns/records                                 listDnsRecords
L.M  /domains                                     listDomains
L.L  /metrics                                     getMetrics
M.H  /logs/search                                 searchLogs
M.H  /alerts                                      listAlerts
L.M  /monitors                                    listMonitors
L.L  /dashboards                                  listDashboards
M.H  /traces/{id}                                 getTrace
L.M  /webhooks                                    listWebhooks
L.L  /roles                                       listRoles
L.L  /permissions                                 listPermissions
L.M  /users/{id}/sessions                         listSessions
L.M  /posts                                       listPosts
L.L  /weather/{city}                              getWeather
L.M  /search/web                                  webSearch
M.H  /kyc/documents                               listKycDocuments
M.H  /transcripts/{id}                            getTranscript
M.H  /calls                                       listCalls
M.H  /forms/{id}/responses                        listFormResponses
L.L  /forms                                       listForms
M.H  /surveys/{id}/responses                      listResponses
M.H  /backups/{id}/download                       downloadBackup
M.H  /exports/{id}                                getExport
L.L  /plans                                       listPlans
L.L  /version                                     getVersion
M.H  /pages/{id}                                  getPage
L.L  /spaces                                      listSpaces
M.H  /wiki/pages/{id}                             getWikiPage
M.H  /sheets/{id}/values/{range}                  getValues
M.H  /bases/{b}/tables/{t}/records                listRecords
M.H  /calendars/{id}/events                       listCalendarEvents
"""

MCP_TOOLS = """
list_emails                M.H  Lists the emails in the inbox
search_emails              M.H  Search messages in Gmail
get_email                  M.H  Get one email by id
read_resource              M.H  Reads a file from the workspace
list_directory             L.M  Lists files and folders in a directory
get_file_info              L.M  Returns size and dates of a file
search_files               L.M  Finds files by name pattern
read_graph                 M.H  Read the entire knowledge graph
search_nodes               L.H  Search for nodes in the memory graph
get_current_time           L.L  Get the current time
fetch_page                 L.M  Fetch a web page and return it as markdown
take_screenshot            L.M  Takes a screenshot of the page
list_console_messages      L.M  Lists console messages of the page
get_local_storage          M.H  Returns the local storage of the page
list_pods                  L.M  Lists pods in a namespace
pods_log                   M.H  Get the logs of a pod
get_secret                 H.H  Gets a Kubernetes secret
list_namespaces            L.M  List namespaces
get_configmap              M.H  Gets a configmap
jira_get_issue             M.H  Get details of a Jira issue
jira_search                M.H  Search Jira issues with JQL
confluence_get_page        M.H  Get the content of a Confluence page
list_repos                 L.M  Lists repositories
get_file_contents          M.H  Get the contents of a file from a repository
search_code                M.H  Search code in repositories
list_commits               L.M  List commits of a branch
get_pull_request_diff      M.H  Get the diff of a pull request
list_code_scanning_alerts  M.H  List code scanning alerts
list_branches              L.L  List branches
list_users                 M.H  List users of the workspace
get_user                   L.M  Get a user by id
get_me                     L.M  Get the authenticated user
list_channels              L.M  List channels
slack_get_channel_history  M.H  Get recent messages from a channel
slack_get_thread_replies   M.H  Get all replies in a thread
slack_get_users            M.H  Get a list of all users
get_balance                M.H  Get account balance
list_invoices              M.H  List invoices
list_products              L.L  List products
list_coupons               L.L  List coupons
search_documentation       L.L  Search the documentation
list_tables                L.M  List tables of the database
describe_table             L.L  Describe the columns of a table
get_schema                 L.L  Get the database schema
get_rows                   M.H  Returns rows of a table
list_contacts              M.H  List contacts
get_calendar_events        M.H  Get events from the calendar
get_weather_forecast       L.L  Weather
get_stock_price            L.L  Get the price of a stock
list_models                L.L  List available models
get_config                 L.H  Get the server configuration
get_process_list           L.M  List running processes
read_clipboard             M.H  Reads the clipboard
get_env_var                H.H  Read an environment variable
list_api_keys              H.H  List API keys
get_access_token           H.H  Get an access token
get_transcript             M.H  Get the transcript of a meeting
query_logs                 M.H  Search application logs
get_alert                  M.H  Get a monitoring alert
list_dashboards            L.M  List dashboards
get_metrics                L.L  Get metrics
list_buckets               L.M  List buckets
get_object                 M.H  Download an object from a bucket
list_notes                 M.H  List notes
get_task                   L.M  Get a task
list_tasks                 L.M  List tasks in a project
recall_memory              M.H  Recall stored memories about the user
get_location               L.M  Get the location of the device
list_devices               L.M  List devices
get_health                 L.L  Health check of the service
get_patient_record         H.H  Get the medical record of a patient
get_tool_calls             M.H  Returns recent tool calls with their arguments
list_tools                 L.L  List available tools
get_page_text              L.M  Returns the text of the current web page
list_tabs                  L.M  List open browser tabs
get_cookies                H.H  Get cookies
dump_heap                  M.H  Take a heap snapshot
get_network_request        L.H  Get a network request with headers and body
list_extensions            L.M  List installed extensions
get_block_children         M.H  Retrieve the children of a block
query_database             M.H  Query rows of a Notion database
get_comments               M.H  Retrieve comments of a page
get_order                  L.M  Get an order
list_orders                M.H  List orders
list_countries             L.L  List countries
count_tickets              L.L  Counts tickets
get_ticket_stats           L.L  Statistics of tickets
list_ticket_statuses       L.L  List ticket statuses
search_people              M.H  Search people
list_team_members          M.H  List members of a team
get_vulnerability          M.H  Get details of a vulnerability found in the system
search_cves                L.M  Search public CVEs
get_document               M.H  Get a document
list_documents             M.H  List documents
list_templates             L.L  List templates
export_data                M.H  Exports all data of the account
download_backup            M.H  Download a backup
list_backups               L.M  List backups
"""


def tool(name, method="", path="", **more):
    return Tool(ToolId(name), SourceId("s"), name, method, path, name if path else "", "", "", "0" * 64, "", **(more))


def within(risk, bounds):
    least, most = bounds.split(".")
    return RANK[least] <= risk.rank <= RANK[most]


@pytest.mark.parametrize("line", CALLS.strip().splitlines(), ids=lambda line: line.split()[2])
def test_the_risk_of_a_call_that_reads(line):
    bounds, path, name = line.split()
    said = assess(tool(name, "GET", path, response_fields=("id",)))  # what it returns is stated
    assert within(said.risk, bounds), (said.risk, said.confidential)


def test_the_risk_of_mcp_tools_that_read():
    rows = [line.split(maxsplit=2) for line in MCP_TOOLS.strip().splitlines()]
    listed = [{"name": name, "description": text, "inputSchema": {"type": "object"}} for name, _, text in rows]
    tools = read(json.dumps({"tools": listed}).encode()).inventory.tools
    wrong = {
        each.name: (bounds, said.risk.value, said.confidential)
        for (_, bounds, _), each, said in zip(rows, tools, assess_all(tools), strict=True)
        if not within(said.risk, bounds)
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("name", "text", "fields", "risk"),
    [
        ("get_kiln_overview", "Overview of the kilns", (), Risk.MEDIUM),  # nothing says what is in it
        ("get_kiln_overview", "Overview of the kilns", ("kiln", "heat"), Risk.LOW),
        ("get_kiln_overview", "Overview of the kilns, as on the public website", (), Risk.LOW),
        ("get_kiln_overview", "Overview of the kilns, public and private", (), Risk.MEDIUM),
        ("get_kiln_overview", "Overview of the kilns, before it is published", (), Risk.MEDIUM),
        ("get_kiln_overview", "Overview of the kilns, to be published in spring", (), Risk.MEDIUM),
        ("list_kiln_models", "Kilns that we sell", (), Risk.LOW),
        ("count_kilns", "Kilns by glaze", (), Risk.LOW),
        ("calculate_cones", "Calculates cone numbers from degrees", (), Risk.LOW),
    ],
)
def test_a_read_that_nothing_describes_is_taken_for_confidential(name, text, fields, risk):
    said = assess(replace(tool(name), description=text, response_fields=fields))
    assert said.risk is risk
    assert ("what it returns is not known" in str(said.reasons)) == (risk is Risk.MEDIUM)


def mcp(name, description):
    listed = {"tools": [{"name": name, "description": description, "inputSchema": {"type": "object"}}]}
    return assess(read(json.dumps(listed).encode()).inventory.tools[0])


@pytest.mark.parametrize(
    ("name", "text", "level"),
    [
        ("show_setup", "Shows the setup of the gateway, tokens included.", "restricted"),
        ("list_calls_made", "Returns every call with its headers, cookies and body.", "restricted"),
        ("show_setup", "Shows the setup of the gateway, passwords masked.", "ordinary"),
        ("show_setup", "Shows the setup of the gateway. Requires an access token.", "ordinary"),
        ("get_login", "Exchanges the code of a login for an access token.", "restricted"),
        ("get_panel", "Returns the memory of a process.", "restricted"),
        ("get_greeting", "Demonstrates a message with annotations.", "ordinary"),
        ("paint", "Renders a document as HTML.", "ordinary"),
        ("get_thing", "Returns the number of messages in the inbox.", "ordinary"),
        ("get_thing", "Returns the contents of a letter.", "confidential"),
    ],
)
def test_a_text_says_what_is_returned(name, text, level):
    assert mcp(name, text).confidentiality is Confidentiality(level)


def test_a_list_of_secrets_without_their_values_is_confidential():
    plain = tool("listRepoSecrets", "GET", "/repos/{repo}/secrets")
    assert assess(plain).confidentiality is Confidentiality.RESTRICTED
    told = Tool(
        plain.id, plain.source, plain.name, "GET", plain.path, plain.operation_id, "", "Lists secrets without revealing their values.",
        "0" * 64, "",
    )  # fmt: skip
    assert assess(told).confidentiality is Confidentiality.CONFIDENTIAL


def test_a_secret_by_its_resource_is_returned_data():
    said = assess(tool("readSecret", "GET", "/vault/secrets/{name}"))
    assert said.risk is Risk.HIGH
    assert said.data[0] == DataHit("secret", "response", ("secret",))


@pytest.mark.parametrize(
    ("method", "path", "name", "level"),
    [
        ("POST", "/projects/{id}/access-tokens", "createAccessToken", "restricted"),
        ("DELETE", "/projects/{id}/access-tokens/{token}", "deleteAccessToken", "ordinary"),
        ("POST", "/messages", "sendMessage", "ordinary"),
        ("HEAD", "/files/{id}", "headFile", "ordinary"),
        ("GET", "/users/me", "getMe", "ordinary"),
        ("GET", "/users/{id}", "getUser", "ordinary"),
        ("GET", "/users", "listUsers", "confidential"),
    ],
)
def test_what_an_act_or_one_record_returns(method, path, name, level):
    assert assess(tool(name, method, path)).confidentiality is Confidentiality(level)


def test_the_signals_name_the_kind_and_the_place():
    (found,) = assess(tool("listAuditLogs", "GET", "/audit-logs")).confidential
    assert (found.kind, found.level, found.where, found.matched) == (
        "logs",
        Confidentiality.CONFIDENTIAL,
        "name",
        "audit log",
    )
