package estate

import (
	"fmt"
	"strings"
	"time"
)

// The texts below follow the shape in which the agent writes its events: what a
// parser relies on (words, order, punctuation, forest information) is theirs,
// everything else is the lab's.

// forestInfo is the block by which an event tells which connector it is about.
func forestInfo(f *Forest) string {
	return fmt.Sprintf("\r\n<forest-info>\r\n  <partition-name>%s</partition-name>\r\n  <connector-id>%s</connector-id>\r\n</forest-info>",
		strings.ToUpper(f.FQDN), f.ConnectorID)
}

func textPingStart(track string, f *Forest) string {
	return "Provision credentials ping start.  TrackingID : " + track + forestInfo(f)
}

func textPingEnd(track string, f *Forest) string {
	return "Provision credentials ping end.  TrackingID : " + track + forestInfo(f)
}

func textBatchStart(n int, track string, f *Forest) string {
	return fmt.Sprintf("Provision credentials batch start. Count: %d, TrackingID : %s", n, track) + forestInfo(f)
}

func textBatchEnd(n int, track string, f *Forest) string {
	return fmt.Sprintf("Provision credentials batch end. Count: %d, TrackingID : %s", n, track) + forestInfo(f)
}

func textRequests(batch []job, f *Forest) string {
	var b strings.Builder
	for _, j := range batch {
		fmt.Fprintf(&b, "Password Change Request - Anchor : %s, CloudAnchor: User_%s, Dn : %s, Change Date : %s\r\n",
			j.object.GUID.Anchor(), j.object.CloudID(), j.object.DN, j.change.at.Format("01/02/2006 15:04:05"))
	}
	return strings.TrimRight(b.String(), "\r\n") + forestInfo(f)
}

func textResults(batch []job, f *Forest) string {
	var b strings.Builder
	for _, j := range batch {
		force := "False"
		if j.change.temporary {
			force = "True"
		}
		fmt.Fprintf(&b, "Password Change Result - Anchor : %s, Dn : %s, PwdChangeOnLogon=%s, Result : %s.\r\n",
			j.object.GUID.Anchor(), j.object.DN, force, resultWord(j.status))
	}
	return strings.TrimRight(b.String(), "\r\n") + forestInfo(f)
}

func resultWord(status string) string {
	if status == "Success" {
		return "Success"
	}
	return "Failed"
}

func textFiltered(batch []job, f *Forest) string {
	var b strings.Builder
	b.WriteString("The following password changes are filtered from synchronization.\r\n")
	for _, j := range batch {
		fmt.Fprintf(&b, "DN=%s, PasswordSyncResultType=%s\r\n", j.object.DN, j.status)
	}
	return strings.TrimRight(b.String(), "\r\n") + forestInfo(f)
}

// logDetails is the free text of an entry of the password sync log.
func logDetails(status string) string {
	switch status {
	case "Error":
		return "The service returned an error that it does not explain."
	case "Unknown":
		return "The batch ended before this object was dealt with."
	case "MissingAttribute":
		return "supplementalCredentials holds no Kerberos keys."
	}
	return ""
}

const adminService = "https://adminwebservice.microsoftonline.com/provisioningservice.svc"

// cloudErrors is the middle part of a 652 or 655: the exception.
var cloudErrors = map[uploadTrouble]string{
	uploadFeatureOff:  "Microsoft.Online.Coexistence.ProvisionException: An error occurred. Error Code: 90. Error Description: Password Synchronization has not been activated for this company. Tracking ID: %s Server Name: LABGR1BBA007. ---> System.ServiceModel.FaultException`1[Microsoft.Online.Coexistence.Schema.AdminWebServiceFault]: Password Synchronization has not been activated for this company.",
	uploadDirSyncOff:  "Microsoft.Online.Coexistence.ProvisionException: An error occurred. Error Code: 15. Error Description: Directory synchronization is not activated for this company. Tracking ID: %s Server Name: LABGR1BBA007. ---> System.ServiceModel.FaultException`1[Microsoft.Online.Coexistence.Schema.AdminWebServiceFault]: Directory synchronization is not activated for this company.",
	uploadDenied:      "Microsoft.Online.Coexistence.ProvisionException: An error occurred. Error Code: 7. Error Description: Access to the requested operation was denied. Tracking ID: %s Server Name: LABGR1BBA007. ---> System.ServiceModel.FaultException`1[Microsoft.Online.Coexistence.Schema.AdminWebServiceFault]: Access to the requested operation was denied.",
	uploadBusy:        "Microsoft.Online.Coexistence.ProvisionRetryException: An error occurred. Error Code: 81. Error Description: The service is busy at the moment and the operation will be retried. Tracking ID: %s Server Name: LABGR1BBA007.",
	uploadRetired:     "Microsoft.Online.Coexistence.ProvisionException: The version of this client is no longer accepted by the service. Tracking ID: %s Server Name: LABGR1BBA007.",
	uploadPassword:    "Microsoft.Identity.Client.MsalServiceException: AADSTS50126: Error validating credentials due to invalid username or password. Trace ID: %s",
	uploadCertificate: "Microsoft.Identity.Client.MsalServiceException: A configuration issue is preventing authentication. Original exception: AADSTS700027: The certificate with which the client assertion was signed is not registered for the application. Trace ID: %s",
	uploadConditional: "Microsoft.Identity.Client.MsalUiRequiredException: AADSTS53003: Access has been blocked by Conditional Access policies. Trace ID: %s",
	uploadEndpoint:    "System.ServiceModel.EndpointNotFoundException: There was no endpoint listening at " + adminService + " that could accept the message. Attempt %s ---> System.Net.WebException: The remote name could not be resolved: 'adminwebservice.microsoftonline.com'",
	uploadTLS:         "System.ServiceModel.Security.SecurityNegotiationException: Could not establish trust relationship for the SSL/TLS secure channel with authority 'adminwebservice.microsoftonline.com'. Attempt %s ---> System.Net.WebException: The underlying connection was closed.",
}

// textUploadFailed is a batch (652) or a heartbeat (655) that failed.
func textUploadFailed(id int, why uploadTrouble, track string, f *Forest) string {
	what := "batch"
	if id == 655 {
		what = "ping"
	}
	return fmt.Sprintf("Failed credential provisioning %s. Clearing affinity to the current service endpoint: %s.  Error: %s", what, adminService,
		fmt.Sprintf(cloudErrors[why], track)) + forestInfo(f)
}

func textSelfHealStart() string {
	return "Server reported that password hash synchronization is disabled for azure ad tenant. Attempting to enable. Attempt: 1"
}

func textSelfHealEnd() string {
	return "Attempt to enable password hash synchronization for azure ad tenant has ended."
}

func textHealthTaskFailed() string {
	return "Password hash synchronization health task failed during ping operation. Details: System.TimeoutException: The connector did not hand out a session within the time limit."
}

func textCertificateDue(ends time.Time) string {
	return fmt.Sprintf("The certificate of the application that Microsoft Entra Connect Sync uses is due for renewal. It expires on %s.", ends.UTC().Format(time.RFC3339))
}

func textCertificateExpired(ends time.Time) string {
	return fmt.Sprintf("The certificate of the application that Microsoft Entra Connect Sync uses has expired on %s.", ends.UTC().Format(time.RFC3339))
}
