package estate

import (
	"slices"
	"time"
)

// obstacles lists the ways in which an upload fails, in the order in which one
// meets them: whoever cannot reach the cloud does not get to be refused by it.
var obstacles = []uploadTrouble{
	uploadEndpoint, uploadTLS, uploadRetired, uploadPassword, uploadCertificate, uploadConditional, uploadDenied,
	uploadDirSyncOff, uploadFeatureOff, uploadBusy,
}

// uploads makes a fault of a server whose way to the cloud fails in one manner.
// Where the cmdlets that call the cloud fail too, calls is what they say.
func uploads(why uploadTrouble, calls string, also func(*nodeCondition)) func(*conditions, interval) {
	return func(c *conditions, iv interval) {
		host := iv.target.host
		if host == "" {
			host = ActiveHost
		}
		n := c.node(host)
		if n.upload == uploadFine || slices.Index(obstacles, why) < slices.Index(obstacles, n.upload) {
			n.upload, n.cloudCalls = why, calls
		}
		if also != nil {
			also(n)
		}
	}
}

// cloudFaults are about the way to Entra and the tenant's switches.
func cloudFaults() []fault {
	withAccount := func(n *nodeCondition) { n.serviceAccount = true }
	return []fault{
		{id: "application-certificate-due", scope: scopeServer, subject: ActiveHost, severity: "warning", title: "The application certificate ends in twelve days",
			set: func(c *conditions, iv interval) {
				c.node(iv.target.host).certificateEnds = iv.on.Add(12 * 24 * time.Hour)
			}},
		{id: "application-certificate-due-expired", check: "application-certificate-due", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat,
			title: "The application certificate has ended",
			set: func(c *conditions, iv interval) {
				uploads(uploadCertificate, "AADSTS7000222: The provided client certificate has expired.", nil)(c, iv)
				c.node(iv.target.host).certificateEnds = iv.begin
			}},
		{id: "entra-endpoint-unreachable", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat, title: "A proxy change cut the server off from Entra",
			set: uploads(uploadEndpoint, "The remote name could not be resolved: 'adminwebservice.microsoftonline.com'", nil)},
		{id: "entra-endpoint-unreachable-tls", check: "entra-endpoint-unreachable", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat,
			title: "TLS inspection stands between the server and Entra",
			set:   uploads(uploadTLS, "Could not establish trust relationship for the SSL/TLS secure channel.", nil)},
		{id: "entra-credential-rejected", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat, title: "The synchronization account's password is wrong",
			set: uploads(uploadPassword, "AADSTS50126: Error validating credentials due to invalid username or password.", withAccount)},
		{id: "entra-credential-rejected-certificate", check: "entra-credential-rejected", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat,
			title: "The application does not know the server's certificate",
			set:   uploads(uploadCertificate, "AADSTS700027: The certificate with which the client assertion was signed is not registered.", nil)},
		{id: "entra-credential-rejected-conditional-access", check: "entra-credential-rejected", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat,
			title: "Conditional Access catches the synchronization account",
			set:   uploads(uploadConditional, "AADSTS53003: Access has been blocked by Conditional Access policies.", withAccount)},
		{id: "entra-access-denied", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat, title: "The synchronization identity lost its role",
			set: uploads(uploadDenied, "Access to the requested operation was denied.", nil)},
		{id: "phs-feature-off", scope: scopeTenant, lead: leadHeartbeat, title: "The tenant's password hash synchronization was switched off",
			set: func(c *conditions, iv interval) {
				c.tenant.featureOff = true
				uploads(uploadFeatureOff, "", nil)(c, iv)
			}},
		{id: "directory-sync-off", scope: scopeTenant, lead: leadHeartbeat, title: "The tenant's directory synchronization was switched off",
			set: func(c *conditions, iv interval) {
				c.tenant.dirSyncOff = true
				uploads(uploadDirSyncOff, "", nil)(c, iv)
			}},
		{id: "uploads-failing", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat, title: "The cloud is busy and takes nothing",
			set: uploads(uploadBusy, "", nil)},
	}
}
