package slack

// Range bounds one thing of a Block Kit payload. Lengths count Unicode code
// points. Zero fields bound nothing, except ExclusiveMin, which is a pointer
// because its only use is zero.
type Range struct {
	MinLength     int  `json:"min_length,omitempty"`
	MaxLength     int  `json:"max_length,omitempty"`
	MinItems      int  `json:"min_items,omitempty"`
	MaxItems      int  `json:"max_items,omitempty"`
	ItemMaxLength int  `json:"item_max_length,omitempty"`
	Min           int  `json:"min,omitempty"`
	Max           int  `json:"max,omitempty"`
	ExclusiveMin  *int `json:"exclusive_min,omitempty"`
}

// upTo is a text of at most n code points.
func upTo(n int) Range { return Range{MaxLength: n} }

// between is a text of one to n code points.
func between(n int) Range { return Range{MinLength: 1, MaxLength: n} }

// atMost is a list of at most n items.
func atMost(n int) Range { return Range{MaxItems: n} }

// oneTo is a list of one to n items.
func oneTo(n int) Range { return Range{MinItems: 1, MaxItems: n} }

// BlockLimits are the published limits of Block Kit, named by their JSON
// tags as the community's machine-readable list of them names them, so that
// a test can compare the two.
type BlockLimits struct {
	Text     Range `json:"text"`
	ActionID Range `json:"action_id"`
	BlockID  Range `json:"block_id"`
	Button   struct {
		Text               Range `json:"text"`
		URL                Range `json:"url"`
		Value              Range `json:"value"`
		AccessibilityLabel Range `json:"accessibility_label"`
	} `json:"button"`
	Confirmation struct {
		Title   Range `json:"title"`
		Text    Range `json:"text"`
		Confirm Range `json:"confirm"`
		Deny    Range `json:"deny"`
	} `json:"confirmation"`
	Option struct {
		Text        Range `json:"text"`
		Value       Range `json:"value"`
		Description Range `json:"description"`
		URL         Range `json:"url"`
	} `json:"option"`
	OptionGroup struct {
		Label   Range `json:"label"`
		Options Range `json:"options"`
	} `json:"option_group"`
	Select struct {
		Placeholder  Range `json:"placeholder"`
		Options      Range `json:"options"`
		OptionGroups Range `json:"option_groups"`
	} `json:"select"`
	Overflow struct {
		Options Range `json:"options"`
	} `json:"overflow"`
	Checkboxes struct {
		Options Range `json:"options"`
	} `json:"checkboxes"`
	RadioButtons struct {
		Options Range `json:"options"`
	} `json:"radio_buttons"`
	URLSource struct {
		URL Range `json:"url"`
	} `json:"url_source"`
	FileInput struct {
		MaxFiles Range `json:"max_files"`
	} `json:"file_input"`
	PlainTextInput struct {
		MaxLength Range `json:"max_length"`
	} `json:"plain_text_input"`
	Actions struct {
		Elements Range `json:"elements"`
	} `json:"actions"`
	Alert struct {
		Text Range `json:"text"`
	} `json:"alert"`
	Card struct {
		Title    Range `json:"title"`
		Subtitle Range `json:"subtitle"`
		Body     Range `json:"body"`
		Actions  Range `json:"actions"`
		Subtext  Range `json:"subtext"`
	} `json:"card"`
	Carousel struct {
		Elements Range `json:"elements"`
	} `json:"carousel"`
	Container struct {
		Title       Range `json:"title"`
		Subtitle    Range `json:"subtitle"`
		ChildBlocks Range `json:"child_blocks"`
	} `json:"container"`
	Context struct {
		Elements Range `json:"elements"`
	} `json:"context"`
	ContextActions struct {
		Elements Range `json:"elements"`
	} `json:"context_actions"`
	FeedbackButton struct {
		Text               Range `json:"text"`
		Value              Range `json:"value"`
		AccessibilityLabel Range `json:"accessibility_label"`
	} `json:"feedback_button"`
	IconButton struct {
		VisibleToUserIDs Range `json:"visible_to_user_ids"`
	} `json:"icon_button"`
	DataTable struct {
		Rows     Range `json:"rows"`
		Columns  Range `json:"columns"`
		PageSize Range `json:"page_size"`
		CellText Range `json:"cell_text"`
		Content  Range `json:"content"`
	} `json:"data_table"`
	DataVisualization struct {
		Title    Range `json:"title"`
		Segments Range `json:"segments"`
		Segment  struct {
			Label Range `json:"label"`
			Value Range `json:"value"`
		} `json:"segment"`
		Series        Range `json:"series"`
		SeriesName    Range `json:"series_name"`
		Data          Range `json:"data"`
		PointLabel    Range `json:"point_label"`
		Categories    Range `json:"categories"`
		CategoryLabel Range `json:"category_label"`
		AxisLabel     Range `json:"axis_label"`
	} `json:"data_visualization"`
	Header struct {
		Text Range `json:"text"`
	} `json:"header"`
	Image struct {
		ImageURL Range `json:"image_url"`
		AltText  Range `json:"alt_text"`
	} `json:"image"`
	Input struct {
		Label Range `json:"label"`
		Hint  Range `json:"hint"`
	} `json:"input"`
	Markdown struct {
		Text Range `json:"text"`
	} `json:"markdown"`
	Section struct {
		Text   Range `json:"text"`
		Fields Range `json:"fields"`
	} `json:"section"`
	Video struct {
		AltText      Range `json:"alt_text"`
		Title        Range `json:"title"`
		AuthorName   Range `json:"author_name"`
		Description  Range `json:"description"`
		ProviderName Range `json:"provider_name"`
	} `json:"video"`
	View struct {
		Blocks          Range `json:"blocks"`
		PrivateMetadata Range `json:"private_metadata"`
		CallbackID      Range `json:"callback_id"`
		Title           Range `json:"title"`
		Close           Range `json:"close"`
		Submit          Range `json:"submit"`
	} `json:"view"`
}

// Limits returns the limits that the validator enforces.
func Limits() BlockLimits { return limits }

// limits is filled once and only read afterwards.
var limits = func() BlockLimits {
	var l BlockLimits
	l.Text = between(3000)
	l.ActionID, l.BlockID = upTo(255), upTo(255)
	l.Button.Text, l.Button.URL, l.Button.Value, l.Button.AccessibilityLabel = upTo(75), upTo(3000), upTo(2000), upTo(75)
	l.Confirmation.Title, l.Confirmation.Text, l.Confirmation.Confirm, l.Confirmation.Deny = upTo(100), upTo(300), upTo(30), upTo(30)
	l.Option.Text, l.Option.Value, l.Option.Description, l.Option.URL = upTo(75), upTo(150), upTo(75), upTo(3000)
	l.OptionGroup.Label, l.OptionGroup.Options = upTo(75), oneTo(100)
	l.Select.Placeholder, l.Select.Options, l.Select.OptionGroups = upTo(150), atMost(100), atMost(100)
	l.Overflow.Options, l.Checkboxes.Options, l.RadioButtons.Options = oneTo(5), oneTo(10), oneTo(10)
	l.URLSource.URL = between(3000)
	l.FileInput.MaxFiles = Range{Min: 1, Max: 10}
	l.PlainTextInput.MaxLength = Range{Max: 3000}
	l.Actions.Elements, l.Context.Elements, l.ContextActions.Elements = atMost(25), atMost(10), atMost(5)
	l.Alert.Text = upTo(200)
	l.Card.Title, l.Card.Subtitle, l.Card.Body, l.Card.Actions, l.Card.Subtext = upTo(150), upTo(150), upTo(200), atMost(3), upTo(200)
	l.Carousel.Elements = oneTo(10)
	l.Container.Title, l.Container.Subtitle, l.Container.ChildBlocks = upTo(150), upTo(150), atMost(10)
	l.FeedbackButton.Text, l.FeedbackButton.Value, l.FeedbackButton.AccessibilityLabel = upTo(75), upTo(2000), upTo(75)
	l.IconButton.VisibleToUserIDs = atMost(10)
	l.DataTable.Rows, l.DataTable.Columns = Range{MinItems: 2, MaxItems: 201}, oneTo(20)
	l.DataTable.PageSize, l.DataTable.CellText, l.DataTable.Content = Range{Min: 1, Max: 100}, Range{MinLength: 1}, upTo(20000)
	v := &l.DataVisualization
	v.Title, v.Segments, v.Series, v.SeriesName = upTo(50), oneTo(12), oneTo(12), upTo(20)
	v.Segment.Label, v.Segment.Value = upTo(20), Range{ExclusiveMin: new(int)}
	v.Data, v.PointLabel, v.Categories, v.CategoryLabel, v.AxisLabel = oneTo(20), upTo(20), oneTo(20), upTo(20), upTo(50)
	l.Header.Text = upTo(150)
	l.Image.ImageURL, l.Image.AltText = upTo(3000), upTo(2000)
	l.Input.Label, l.Input.Hint = upTo(2000), upTo(2000)
	l.Markdown.Text = between(12000)
	l.Section.Text, l.Section.Fields = upTo(3000), Range{MaxItems: 10, ItemMaxLength: 2000}
	l.Video.AltText, l.Video.Title, l.Video.AuthorName = between(200), upTo(200), upTo(50)
	l.Video.Description, l.Video.ProviderName = upTo(200), upTo(50)
	l.View.Blocks, l.View.PrivateMetadata, l.View.CallbackID = oneTo(100), upTo(3000), upTo(255)
	l.View.Title, l.View.Close, l.View.Submit = upTo(24), upTo(24), upTo(24)
	return l
}()

// Limits of whole messages, views and requests, and of blocks that the
// machine-readable list does not cover.
const (
	messageBlocks      = 50
	messageText        = 40_000 // longer text is cut, with a warning
	updateText         = 4_000  // longer text is refused
	messageAttachments = 100
	messageMarkdown    = 12_000 // all markdown blocks of a message together
	messageTables      = 1
	messageCharts      = 2
	messageTaskCards   = 50
	viewBytes          = 250_000
	tableRows          = 100
	tableColumns       = 20
	tableText          = 10_000
	layoutLabel        = 150
	layoutRows         = 5
	layoutItems        = 3
	listIndent         = 8
	slashText          = 12_000
	ackFrameBytes      = 20_480
	maxConnections     = 10
)
