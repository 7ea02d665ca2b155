package connect

// The wire types below are the protocol's document in Go. A nil pointer is null:
// "never", or "there is none".

type hello struct {
	Hello struct {
		Protocol   int      `json:"protocol"`
		Worker     string   `json:"worker"`
		ScriptHash string   `json:"scriptHash"`
		PSVersion  string   `json:"psVersion"`
		Host       string   `json:"host"`
		Account    string   `json:"account"`
		Module     string   `json:"module"`
		Verbs      []string `json:"verbs"`
		UTC        string   `json:"utc"`
		Journal    *journal `json:"journal"`
	} `json:"hello"`
}

type journal struct {
	Connector string `json:"connector"`
	Step      string `json:"step"`
	Started   string `json:"started"`
	Operator  string `json:"operator"`
}

type service struct {
	State     string `json:"state"`
	StartMode string `json:"startMode"`
	Account   string `json:"account"`
}

type scheduler struct {
	StagingModeEnabled                  bool    `json:"stagingModeEnabled"`
	SyncCycleEnabled                    bool    `json:"syncCycleEnabled"`
	SchedulerSuspended                  bool    `json:"schedulerSuspended"`
	SyncCycleInProgress                 bool    `json:"syncCycleInProgress"`
	CurrentlyEffectiveSyncCycleInterval string  `json:"currentlyEffectiveSyncCycleInterval"`
	NextSyncCycleStartTimeInUTC         *string `json:"nextSyncCycleStartTimeInUTC"`
	NextSyncCyclePolicyType             string  `json:"nextSyncCyclePolicyType"`
	PurgeRunHistoryInterval             string  `json:"purgeRunHistoryInterval"`
}

type companyFeature struct {
	PasswordHashSync           bool `json:"passwordHashSync"`
	ForcePasswordChangeOnLogOn bool `json:"forcePasswordChangeOnLogOn"`
}

type connector struct {
	Identifier            string      `json:"identifier"`
	Name                  string      `json:"name"`
	ConnectorTypeName     string      `json:"connectorTypeName"`
	Subtype               string      `json:"subtype"`
	ForestName            string      `json:"forestName,omitempty"`
	LoginUser             string      `json:"loginUser,omitempty"`
	LoginDomain           string      `json:"loginDomain,omitempty"`
	ForceFullPasswordSync *string     `json:"forceFullPasswordSync"`
	Partitions            []partition `json:"partitions"`
}

type partition struct {
	Identifier   string   `json:"identifier"`
	DN           string   `json:"dn"`
	Name         string   `json:"name"`
	NetBIOS      string   `json:"netbios"`
	Selected     bool     `json:"selected"`
	IsDomain     bool     `json:"isDomain"`
	PreferredDCs []string `json:"preferredDCs"`
	DCFailover   string   `json:"dcFailover"`
	LastDC       string   `json:"lastDC"`
	Inclusions   []string `json:"inclusions"`
	Exclusions   []string `json:"exclusions"`
}

type passwordSyncConfiguration struct {
	SourceConnector string `json:"sourceConnector"`
	Configured      bool   `json:"configured"`
	TargetConnector string `json:"targetConnector"`
	Enabled         bool   `json:"enabled"`
	Error           string `json:"error"`
}

type partitionState struct {
	ConnectorID              string  `json:"connectorId"`
	DN                       string  `json:"dn"`
	LastSuccessfulCycleStart *string `json:"lastSuccessfulCycleStart"`
	LastSuccessfulCycleEnd   *string `json:"lastSuccessfulCycleEnd"`
	LastCycleStart           *string `json:"lastCycleStart"`
	LastCycleEnd             *string `json:"lastCycleEnd"`
	LastCycleStatus          string  `json:"lastCycleStatus"`
}

type rule struct {
	Identifier         string `json:"identifier"`
	InternalID         string `json:"internalId"`
	Name               string `json:"name"`
	Direction          string `json:"direction"`
	Connector          string `json:"connector"`
	Disabled           bool   `json:"disabled"`
	EnablePasswordSync bool   `json:"enablePasswordSync"`
	Precedence         int    `json:"precedence"`
	SourceObjectType   string `json:"sourceObjectType"`
	TargetObjectType   string `json:"targetObjectType"`
	LinkType           string `json:"linkType"`
	IsStandardRule     bool   `json:"isStandardRule"`
}

type ruleChange struct {
	ChangedTime *string `json:"changedTime"`
	ChangedBy   string  `json:"changedBy"`
	Rule        string  `json:"rule"`
	Change      string  `json:"change"`
}

type runResult struct {
	ConnectorName  string  `json:"connectorName"`
	RunProfileName string  `json:"runProfileName"`
	Result         string  `json:"result"`
	StartDate      *string `json:"startDate"`
	EndDate        *string `json:"endDate"`
}

type connectorOverride struct {
	ConnectorID        string `json:"connectorId"`
	FullImportRequired bool   `json:"fullImportRequired"`
	FullSyncRequired   bool   `json:"fullSyncRequired"`
}

type domainReachability struct {
	ConnectorID string        `json:"connectorId"`
	Domains     []domainReach `json:"domains"`
	Error       string        `json:"error"`
}

type domainReach struct {
	FullName         string `json:"fullName"`
	IsReachable      bool   `json:"isReachable"`
	ExceptionMessage string `json:"exceptionMessage"`
}

type attempt struct {
	ConnectorID string `json:"connectorId,omitempty"`
	OK          bool   `json:"ok"`
	Error       string `json:"error"`
}

type port struct {
	ConnectorID string `json:"connectorId"`
	Partition   string `json:"partition"`
	Host        string `json:"host"`
	Port        int    `json:"port"`
	Open        bool   `json:"open"`
	Error       string `json:"error"`
}

type entraCredential struct {
	ConnectorIdentityType string  `json:"connectorIdentityType"`
	CertificateNotAfter   *string `json:"certificateNotAfter"`
}

type flags struct {
	FIPSPolicy   bool `json:"fipsPolicy"`
	FIPSOverride bool `json:"fipsOverride"`
	Verbose      bool `json:"verbose"`
}

type database struct {
	IsLocalDB   bool `json:"isLocalDb"`
	UsedSpaceMB int  `json:"usedSpaceMb"`
	LimitMB     int  `json:"limitMb"`
}

type csObject struct {
	ObjectID             string     `json:"objectId"`
	ConnectorName        string     `json:"connectorName"`
	DistinguishedName    string     `json:"distinguishedName"`
	ObjectType           string     `json:"objectType"`
	IsConnector          bool       `json:"isConnector"`
	IsTransient          bool       `json:"isTransient"`
	IsPlaceHolder        bool       `json:"isPlaceHolder"`
	ConnectedMVObjectID  *string    `json:"connectedMVObjectId"`
	CloudAnchor          string     `json:"cloudAnchor,omitempty"`
	Lineage              []lineage  `json:"lineage"`
	SynchronizationError *csTrouble `json:"synchronizationError"`
	ExportError          *csTrouble `json:"exportError"`
}

type lineage struct {
	SyncRuleInternalID string `json:"syncRuleInternalId"`
	SyncRuleName       string `json:"syncRuleName"`
	Operation          string `json:"operation"`
}

type csTrouble struct {
	Occurrences       int     `json:"occurrences"`
	InitialOccurrence *string `json:"initialOccurrence"`
	LatestOccurrence  *string `json:"latestOccurrence"`
	ErrorType         string  `json:"errorType"`
	ErrorName         string  `json:"errorName"`
	ErrorCode         string  `json:"errorCode"`
	ErrorLiteral      string  `json:"errorLiteral"`
}

type mvObject struct {
	ObjectID   string            `json:"objectId"`
	Attributes map[string]string `json:"attributes"`
	Lineage    []mvLink          `json:"lineage"`
}

type mvLink struct {
	ConnectorID         string `json:"connectorId"`
	ConnectorName       string `json:"connectorName"`
	ConnectedCsObjectID string `json:"connectedCsObjectId"`
	ConnectedCsObjectDN string `json:"connectedCsObjectDN"`
}

type logEntry struct {
	Anchor    string  `json:"anchor"`
	Type      string  `json:"type"`
	Status    string  `json:"status"`
	Details   string  `json:"details"`
	TimeStamp *string `json:"timeStamp"`
}

type ruleFlag struct {
	InternalID         string `json:"internalId"`
	EnablePasswordSync bool   `json:"enablePasswordSync"`
	Disabled           bool   `json:"disabled"`
	Direction          string `json:"direction"`
	Name               string `json:"name"`
}

type eventAnswer struct {
	Truncated bool    `json:"truncated"`
	Events    []event `json:"events"`
}

type event struct {
	ID     int     `json:"id"`
	Source string  `json:"source"`
	Time   *string `json:"time"`
	Record int64   `json:"record"`
	Text   string  `json:"text"`
}
