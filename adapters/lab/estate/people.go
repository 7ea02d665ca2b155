package estate

import "time"

// Organizational units, as they stand in a DN.
const (
	ouFinance   = "OU=Finance,OU=Corp"
	ouSales     = "OU=Sales,OU=Corp"
	ouIT        = "OU=IT,OU=Corp"
	ouBoard     = "OU=Leadership,OU=Corp"
	ouServices  = "OU=Service Accounts,OU=Corp"
	ouDevices   = "OU=Workstations,OU=Corp"
	ouWarehouse = "OU=Warehouse,OU=Corp"
	ouExternal  = "OU=External"
	ouUsers     = "CN=Users"

	ouBerlin = "OU=Berlin,OU=People"
	ouParis  = "OU=Paris,OU=People"
	ouMadrid = "OU=Madrid,OU=People"

	ouPlant  = "OU=Plant,OU=Staff"
	ouOffice = "OU=Office,OU=Staff"
)

// people is everyone in the estate. Names come from many places on purpose:
// every kind of name that breaks software is here once.
var people = []seat{
	// One person for every cause, there from the start.
	{domain: "CONTOSO", ou: ouSales, given: "Maya", sur: "Lindqvist", sam: "mlindqvist", as: "temporary-password"},
	{domain: "CONTOSO", ou: ouFinance, given: "Tobias", sur: "Achterberg", sam: "tachterberg", as: "user-disabled"},
	{domain: "CONTOSO", ou: ouExternal, given: "Rashida", sur: "Okonkwo", sam: "ext-rokonkwo", as: traitOutside},
	{domain: "CONTOSO", ou: ouWarehouse, given: "Piotr", sur: "Zieliński", sam: "pzielinski", as: "not-imported"},
	{domain: "CONTOSO", ou: ouSales, given: "Grace", sur: "Abernathy", sam: "gabernathy", as: "disconnector"},
	{domain: "CONTOSO", ou: ouIT, given: "Hamza", sur: "Belkacem", sam: "hbelkacem", as: "inbound-rule-missing"},
	{domain: "CONTOSO", ou: ouFinance, given: "Ines", sur: "Carvalho", sam: "icarvalho", as: "cloud-filtered"},
	{domain: "CONTOSO", ou: ouSales, given: "Wei", sur: "Zhang", sam: "wzhang", as: "domain-attributes-wrong", display: "张伟"},
	{domain: "CONTOSO", ou: ouIT, given: "Sunniva", sur: "Bråten", sam: "sbraten", as: "not-provisioned"},
	{domain: "CONTOSO", ou: ouFinance, given: "Callum", sur: "Fraser", sam: "cfraser", as: "outbound-rule-missing"},
	{domain: "CONTOSO", ou: ouSales, given: "Lucía", sur: "Fernández", sam: "lfernandez", as: "export-error"},
	{domain: "CONTOSO", ou: ouIT, given: "Yuki", sur: "Morimoto", sam: "ymorimoto", as: "not-exported"},
	{domain: "CONTOSO", ou: ouFinance, given: "Brendan", sur: "O'Shaughnessy", sam: "boshaughnessy", as: "last-attempt-failed"},
	{domain: "EMEA", ou: ouMadrid, given: "Pilar", sur: "Ibáñez", sam: "pibanez", as: "last-attempt-failed-unknown"},
	{domain: "EMEA", ou: ouBerlin, given: "Jürgen", sur: "Großmann", sam: "jgrossmann", as: "no-attempt-recorded"},
	{domain: "EMEA", ou: ouParis, given: "Éloïse", sur: "Béranger", sam: "eberanger", as: "hash-stale"},
	{domain: "EMEA", ou: ouParis, given: "Noémie", sur: "Delacroix", sam: "ndelacroix", as: "waiting"},
	{domain: "CONTOSO", ou: ouSales, given: "Aaron", sur: "Pell", sam: "apell", as: "waiting"},
	{domain: "FABRIKAM", ou: ouOffice, given: "Dagny", sur: "Holmström", sam: "dholmstrom", as: "missing-attribute"},
	{domain: "FABRIKAM", ou: ouOffice, given: "Kofi", sur: "Mensah", sam: "kmensah", as: "sign-in-fails-elsewhere"},
	{domain: "FABRIKAM", ou: ouPlant, given: "Ruth", sur: "Adeyemi", sam: "radeyemi", as: "cloud-mismatch"},
	{domain: "CONTOSO", ou: ouIT, given: "Silvia", sur: "Moretti", sam: "smoretti", as: "excluded-by-rule"},
	{domain: "CONTOSO", ou: ouSales, given: "Derek", sur: "Vance", sam: "dvance", as: "user-not-found"},
	{domain: "FABRIKAM", ou: ouPlant, given: "Otto", sur: "Brandt", sam: "obrandt", as: "not-a-user-object"},

	// What else lies about in a directory.
	{domain: "CONTOSO", ou: ouUsers, given: "MSOL_4f1d2c7a9b30", sam: "MSOL_4f1d2c7a9b30", as: traitConnectorAccount},
	{domain: "FABRIKAM", ou: ouUsers, given: "MSOL_8a61b0c9d2e7", sam: "MSOL_8a61b0c9d2e7", as: traitConnectorAccount},
	{domain: "CONTOSO", ou: ouServices, given: "svc-pwsync", sam: "svc-pwsync", as: traitReader},
	{domain: "FABRIKAM", ou: ouOffice, given: "svc-pwsync", sam: "svc-pwsync", as: traitReader},
	{domain: "CONTOSO", ou: ouUsers, given: "krbtgt", sam: "krbtgt", as: traitCritical},
	{domain: "CONTOSO", ou: ouSales, given: "Noah", sur: "Fitzgerald", sam: "$DUPLICATE-6a1", as: traitConflict,
		cn: `Noah Fitzgerald\0ACNF:5b0d7f5e-3a61-4a0c-9b1e-2f6c8d7e4a10`},
	{domain: "CONTOSO", ou: ouDevices, given: "LT-4471", sam: "LT-4471$", as: traitComputer, class: "computer"},
	{domain: "CONTOSO", ou: ouSales, given: "Northwind", sur: "Orders", sam: "", as: traitContact, class: "contact"},

	// Two people with one sign-in name, in two forests.
	{domain: "CONTOSO", ou: ouFinance, given: "James", sur: "Wilson", sam: "jwilson", as: traitAmbiguous},
	{domain: "FABRIKAM", ou: ouPlant, given: "Jamal", sur: "Wilson", sam: "jwilson", as: traitAmbiguous},

	// Healthy people with names that break software. In each domain somebody
	// changed the password of late, so that a healthy estate shows life.
	{domain: "CONTOSO", ou: ouBoard, given: "Jane", sur: "Doe", sam: "jdoe", cn: `Doe\, Jane`, ago: 52 * time.Minute},
	{domain: "CONTOSO", ou: ouFinance, given: "Ana", sur: "Ruiz+Soto", sam: "aruizsoto", cn: `Ana Ruiz\+Soto`},
	{domain: "CONTOSO", ou: ouSales, given: "Bob", sur: "Loud", sam: "bloud", display: "Bob <!channel> *bold* Loud", cn: "Bob Loud"},
	{domain: "CONTOSO", ou: ouIT, given: "Olga", sur: "Кузнецова", sam: "okuznetsova", display: "Ольга Кузнецова"},
	{domain: "EMEA", ou: ouBerlin, given: "Zoë", sur: "D'Ambrosio", sam: "zdambrosio"},
	{domain: "EMEA", ou: ouParis, given: "Jean-Luc", sur: "L'Hermitte", sam: "jllhermitte"},
	{domain: "FABRIKAM", ou: ouOffice, given: "محمد", sur: "الفارسي", sam: "malfarsi"},

	// Healthy people who live their lives: now and then one changes a password.
	{domain: "CONTOSO", ou: ouFinance, given: "Nadia", sur: "Haddad", sam: "nhaddad"},
	{domain: "CONTOSO", ou: ouSales, given: "Tomasz", sur: "Wójcik", sam: "twojcik"},
	{domain: "CONTOSO", ou: ouIT, given: "Leilani", sur: "Kahale", sam: "lkahale"},
	{domain: "CONTOSO", ou: ouBoard, given: "Arthur", sur: "Pemberton", sam: "apemberton"},
	{domain: "EMEA", ou: ouBerlin, given: "Anneliese", sur: "Vogt", sam: "avogt", ago: 5 * time.Hour},
	{domain: "EMEA", ou: ouMadrid, given: "Joaquín", sur: "Salgado", sam: "jsalgado"},
	{domain: "FABRIKAM", ou: ouPlant, given: "Siobhán", sur: "Byrne", sam: "sbyrne"},
	{domain: "FABRIKAM", ou: ouOffice, given: "Emeka", sur: "Nwosu", sam: "enwosu", ago: 27 * time.Hour},

	// Healthy people who are in the chat workspace as well, under the same address.
	{domain: "CONTOSO", ou: ouSales, given: "Milo", sur: "Castellan", sam: "mcastellan", address: "milo.castellan", as: traitColleague},
	{domain: "CONTOSO", ou: ouIT, given: "Hanna", sur: "Reyes", sam: "hreyes", address: "hanna.reyes", as: traitColleague},
	{domain: "CONTOSO", ou: ouIT, given: "Astrid", sur: "Kwon", sam: "akwon", address: "astrid.kwon", as: traitColleague},
	{domain: "CONTOSO", ou: ouIT, given: "Theo", sur: "Hollis", sam: "thollis", address: "theo.hollis", as: traitColleague},
	{domain: "CONTOSO", ou: ouFinance, given: "Mia", sur: "Wong", sam: "mwong", address: "mia.wong", as: traitColleague},

	// Healthy people on whom a fault can fall; daily life leaves them alone.
	{domain: "CONTOSO", ou: ouSales, given: "Priya", sur: "Raman", sam: "praman", as: "victim:temporary-password"},
	{domain: "CONTOSO", ou: ouSales, given: "Felix", sur: "Osterhaus", sam: "fosterhaus", as: "victim:temporary-password-before-feature"},
	{domain: "CONTOSO", ou: ouFinance, given: "Harriet", sur: "Boone", sam: "hboone", as: "victim:user-disabled"},
	{domain: "CONTOSO", ou: ouFinance, given: "Stefan", sur: "Ilić", sam: "silic", as: "victim:user-not-found"},
	{domain: "CONTOSO", ou: ouFinance, given: "Carmen", sur: "Duarte", sam: "cduarte", as: "victim:user-ambiguous"},
	{domain: "CONTOSO", ou: ouIT, given: "Ravi", sur: "Subramanian", sam: "rsubramanian", as: "victim:not-a-user-object"},
	{domain: "CONTOSO", ou: ouIT, given: "Elin", sur: "Sjöberg", sam: "esjoberg", as: "victim:excluded-by-rule"},
	{domain: "CONTOSO", ou: ouIT, given: "Marcus", sur: "Delgado", sam: "mdelgado", as: "victim:excluded-by-rule-critical"},
	{domain: "CONTOSO", ou: ouWarehouse, given: "Bianca", sur: "Rossi", sam: "brossi", as: "victim:not-imported"},
	{domain: "CONTOSO", ou: "OU=Shipping,OU=Corp", given: "Oskar", sur: "Nyström", sam: "onystrom", as: "victim:not-imported-filtered"},
	{domain: "CONTOSO", ou: ouWarehouse, given: "Fatima", sur: "Zahra", sam: "fzahra", as: "victim:disconnector"},
	{domain: "CONTOSO", ou: ouSales, given: "Dmitri", sur: "Volkov", sam: "dvolkov", as: "victim:inbound-rule-missing"},
	{domain: "CONTOSO", ou: ouSales, given: "Keiko", sur: "Tanaka", sam: "ktanaka", as: "victim:cloud-filtered"},
	{domain: "CONTOSO", ou: ouFinance, given: "Lars", sur: "Ekdahl", sam: "lekdahl", as: "victim:domain-attributes-wrong"},
	{domain: "CONTOSO", ou: ouFinance, given: "Amara", sur: "Diallo", sam: "adiallo", as: "victim:not-provisioned"},
	{domain: "CONTOSO", ou: ouIT, given: "Vikram", sur: "Chandra", sam: "vchandra", as: "victim:outbound-rule-missing"},
	{domain: "CONTOSO", ou: ouIT, given: "Molly", sur: "Weatherby", sam: "mweatherby", as: "victim:export-error"},
	{domain: "CONTOSO", ou: ouSales, given: "Gustav", sur: "Lindholm", sam: "glindholm", as: "victim:not-exported"},
	{domain: "CONTOSO", ou: ouSales, given: "Aisha", sur: "Rahman", sam: "arahman", as: "victim:last-attempt-failed"},
	{domain: "CONTOSO", ou: ouFinance, given: "Henrik", sur: "Sand", sam: "hsand", as: "victim:last-attempt-failed-unknown"},
	{domain: "CONTOSO", ou: ouFinance, given: "Tereza", sur: "Nováková", sam: "tnovakova", as: "victim:last-attempt-failed-nocode"},
	{domain: "CONTOSO", ou: ouIT, given: "Duncan", sur: "Reid", sam: "dreid", as: "victim:no-attempt-recorded"},
	{domain: "CONTOSO", ou: ouIT, given: "Chiara", sur: "Conti", sam: "cconti", as: "victim:hash-stale"},
	{domain: "CONTOSO", ou: ouSales, given: "Samuel", sur: "Ferreira", sam: "sferreira", as: "victim:missing-attribute"},
	{domain: "CONTOSO", ou: ouSales, given: "Ingrid", sur: "Bakken", sam: "ibakken", as: "victim:waiting"},
	{domain: "CONTOSO", ou: ouFinance, given: "Omar", sur: "Saleh", sam: "osaleh", as: "victim:sign-in-fails-elsewhere"},
	{domain: "CONTOSO", ou: ouFinance, given: "Beatrix", sur: "Thorne", sam: "bthorne", as: "victim:cloud-mismatch"},
}

// twins are healthy people of different forests whose names a fault replaces by
// those of somebody else.
var twins = []string{"enwosu", "lkahale"}
