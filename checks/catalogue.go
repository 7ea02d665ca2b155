package checks

// The documentation that the checks lead to.
const (
	docs            = "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/"
	docTroubleshoot = docs + "tshoot-connect-password-hash-synchronization"
	docPHS          = docs + "how-to-connect-password-hash-synchronization"
	docConnectivity = docs + "tshoot-connect-connectivity"
	docObject       = docs + "tshoot-connect-object-not-syncing"
	docErrors       = docs + "tshoot-connect-sync-errors"
	docScheduler    = docs + "how-to-connect-sync-feature-scheduler"
	docStaging      = docs + "how-to-connect-sync-staging-server"
	docFiltering    = docs + "how-to-connect-sync-configure-filtering"
	docAccount      = docs + "how-to-connect-configure-ad-ds-connector-account"
	docDeletes      = docs + "how-to-connect-sync-feature-prevent-accidental-deletes"
	docVersions     = docs + "reference-connect-version-history"
	docAppAuth      = docs + "authenticate-application-id"
	docDefaults     = docs + "concept-azure-ad-connect-sync-default-configuration"
	docService      = docs + "how-to-connect-sync-service-manager-ui-connectors"
	docPorts        = docs + "reference-connect-ports"
)

// Places where steps are done.
const (
	onServer   = "on <server>, elevated Windows PowerShell"
	inManager  = "on <server>, Synchronization Service Manager"
	inWizard   = "on <server>, the Microsoft Entra Connect wizard"
	inAD       = "on a domain controller or an admin workstation with the AD tools"
	inEntra    = "Microsoft Entra admin center"
	onHelpdesk = "with the caller"
)

// All returns the catalogue: every check, causes before symptoms.
func All() []*Check {
	return []*Check{
		serverUnreachable,
		serviceStopped,
		stagingMode,
		noActiveServer,
		twoActiveServers,
		versionRetired,
		versionBelowMinimum,
		clockSkew,
		logTooSmall,
		verboseLogging,
		noEntraConnector,
		manyEntraConnectors,
		noADConnector,
		databaseFull,
		fipsBlocks,
		schedulerOff,
		firstFullSync,
		unexplainedEvents,
		resyncInterrupted,
		channelDisabled,
		channelStopped,

		certificateDue,
		entraUnreachable,
		entraCredential,
		entraDenied,
		dirSyncOff,
		featureOff,
		uploadsFailing,
		deletionThreshold,

		domainFromBot,
		domainLDAP,
		domainRPC,
		accountDisabled,
		accountLocked,
		accountExpired,
		accountRejected,
		noInboundRule,
		noOutboundRule,

		domainNotSelected,
		domainNotFlagged,
		preferredDCs,
		rightsMissing,
		cycleFailing,
		cycleStale,
		heartbeatMissing,

		userNotFound,
		userAmbiguous,
		notAUser,
		excludedByRule,
		userDisabled,
		temporaryPassword,
		notImported,
		disconnector,
		inboundRuleMissing,
		cloudFiltered,
		domainAttributes,
		notProvisioned,
		outboundRuleMissing,
		exportError,
		notExported,
		lastAttemptFailed,
		noAttempt,
		hashStale,
		missingAttribute,
		waiting,
		signInElsewhere,
		cloudMismatch,
	}
}

// Lookup returns the check with the given id, without regard to case.
func Lookup(id string) (*Check, bool) {
	for _, c := range All() {
		if equalFold(c.ID, id) {
			return c, true
		}
	}
	return nil, false
}
