package sandbox

import "strings"

// method is one method of the Bot API that the sandbox knows.
type method struct {
	name   string
	params []param
	handle func(*Server, *call) (any, error) // s.mu is held
}

// param is one parameter of a method, as the description of the Bot API has it.
type param struct {
	name     string
	kind     kind
	required bool
}

// kind is what a parameter holds.
type kind string

// The kinds of parameters.
const (
	text    kind = "text"
	address kind = "address" // text that may be empty
	integer kind = "integer"
	boolean kind = "boolean"
	chatRef kind = "chat"   // an id, or @username
	object  kind = "object" // JSON
	upload  kind = "file"   // a file, its id or its address
)

func need(k kind, names ...string) []param { return list(k, true, names) }

func may(k kind, names ...string) []param { return list(k, false, names) }

func list(k kind, required bool, names []string) []param {
	params := make([]param, len(names))
	for i, name := range names {
		params[i] = param{name: name, kind: k, required: required}
	}
	return params
}

// Parameters that several methods share. The sandbox accepts all that the Bot API
// describes and acts on those that this project uses.
var (
	toChat = join(need(chatRef, "chat_id"),
		may(integer, "message_thread_id", "direct_messages_topic_id"))
	sending = join(toChat,
		may(boolean, "disable_notification", "protect_content", "allow_paid_broadcast"),
		may(text, "message_effect_id"), may(object, "reply_parameters"))
	single     = join(sending, may(object, "suggested_post_parameters", "reply_markup"))
	forPartner = may(text, "business_connection_id")
	caption    = join(may(text, "caption", "parse_mode"), may(object, "caption_entities"))
	editing    = join(forPartner, may(chatRef, "chat_id"), may(integer, "message_id"),
		may(text, "inline_message_id"), may(object, "reply_markup"))
	menu = join(may(object, "scope"), may(text, "language_code"))
)

// methods are known by their names in lower case: the service does not mind case.
var methods = byName([]method{
	{"getMe", nil, (*Server).getMe},
	{"getUpdates", join(may(integer, "offset", "limit", "timeout"), may(object, "allowed_updates")), (*Server).getUpdates},
	{"setWebhook", join(need(address, "url"), may(upload, "certificate"), may(text, "ip_address", "secret_token"),
		may(integer, "max_connections"), may(object, "allowed_updates"), may(boolean, "drop_pending_updates")), (*Server).setWebhook},
	{"deleteWebhook", may(boolean, "drop_pending_updates"), (*Server).deleteWebhook},
	{"getWebhookInfo", nil, (*Server).getWebhookInfo},
	{"sendMessage", join(forPartner, single, need(text, "text"), may(text, "parse_mode"),
		may(object, "entities", "link_preview_options")), (*Server).sendMessage},
	{"sendDocument", join(forPartner, single, need(upload, "document"), may(upload, "thumbnail"), caption,
		may(boolean, "disable_content_type_detection")), (*Server).sendDocument},
	{"sendPhoto", join(forPartner, single, need(upload, "photo"), caption,
		may(boolean, "show_caption_above_media", "has_spoiler")), (*Server).sendPhoto},
	{"sendMediaGroup", join(forPartner, sending, need(object, "media")), (*Server).sendMediaGroup},
	{"copyMessage", join(single, need(chatRef, "from_chat_id"), need(integer, "message_id"), caption,
		may(integer, "video_start_timestamp"), may(boolean, "show_caption_above_media")), (*Server).copyMessage},
	{"sendChatAction", join(forPartner, need(chatRef, "chat_id"), may(integer, "message_thread_id"), need(text, "action")), (*Server).sendChatAction},
	{"editMessageText", join(editing, may(text, "text", "parse_mode"),
		may(object, "entities", "link_preview_options", "rich_message")), (*Server).editMessageText},
	{"editMessageCaption", join(editing, caption, may(boolean, "show_caption_above_media")), (*Server).editMessageCaption},
	{"editMessageMedia", join(editing, need(object, "media")), (*Server).editMessageMedia},
	{"editMessageReplyMarkup", editing, (*Server).editMessageReplyMarkup},
	{"deleteMessage", join(need(chatRef, "chat_id"), need(integer, "message_id")), (*Server).deleteMessage},
	{"deleteMessages", join(need(chatRef, "chat_id"), need(object, "message_ids")), (*Server).deleteMessages},
	{"answerCallbackQuery", join(need(text, "callback_query_id"), may(text, "text", "url"), may(boolean, "show_alert"),
		may(integer, "cache_time")), (*Server).answerCallbackQuery},
	{"getFile", need(text, "file_id"), (*Server).getFile},
	{"setMyCommands", join(need(object, "commands"), menu), (*Server).setMyCommands},
	{"getMyCommands", menu, (*Server).getMyCommands},
	{"deleteMyCommands", menu, (*Server).deleteMyCommands},
	{"getChat", need(chatRef, "chat_id"), (*Server).getChat},
	{"getChatMember", join(need(chatRef, "chat_id"), need(integer, "user_id")), (*Server).getChatMember},
	{"leaveChat", need(chatRef, "chat_id"), (*Server).leaveChat},
})

func byName(all []method) map[string]method {
	named := make(map[string]method, len(all))
	for _, m := range all {
		named[strings.ToLower(m.name)] = m
	}
	return named
}

func join(groups ...[]param) []param {
	var all []param
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

func (s *Server) getMe(*call) (any, error) { return s.bot, nil }
