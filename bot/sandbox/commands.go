package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The sizes of a menu: commands, and characters of a name and of a description.
const (
	maxCommands    = 100
	maxCommandName = 32
	maxDescription = 256
)

// Command is one entry of the menu of a chat.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// The scopes of menus, as the Bot API names them.
const (
	scopeDefault = "default"
	scopePrivate = "all_private_chats"
	scopeGroups  = "all_group_chats"
	scopeAdmins  = "all_chat_administrators"
	scopeChat    = "chat"
	scopeChatAdm = "chat_administrators"
	scopeMember  = "chat_member"
)

// menuKey says for whom a menu is.
type menuKey struct {
	scope    string
	chat     int64
	user     int64
	language string // two letters; empty: every language without its own menu
}

// menuKey reads scope and language of a call.
func (s *Server) menuKey(c *call) (menuKey, error) {
	var scope struct {
		Type   string          `json:"type"`
		ChatID json.RawMessage `json:"chat_id"`
		UserID int64           `json:"user_id"`
	}
	given, err := c.decode("scope", &scope)
	if err != nil {
		return menuKey{}, err
	}
	key := menuKey{scope: scopeDefault, language: c.values["language_code"]}
	if !validLanguage(key.language) {
		return menuKey{}, badRequest("invalid language code specified")
	}
	if !given {
		return key, nil
	}
	switch key.scope = scope.Type; scope.Type {
	case scopeDefault, scopePrivate, scopeGroups, scopeAdmins:
		return key, nil
	case scopeChat, scopeChatAdm, scopeMember:
	default:
		return menuKey{}, badRequest("can't parse BotCommandScope: Unsupported type specified")
	}
	key.chat, _ = strconv.ParseInt(strings.Trim(string(scope.ChatID), `"`), 10, 64)
	if _, err := s.chatOf(key.chat); err != nil {
		return menuKey{}, err
	}
	if scope.Type == scopeMember {
		key.user = scope.UserID
	}
	return key, nil
}

func validLanguage(code string) bool {
	return code == "" || len(code) == 2 && isLower(code[0]) && isLower(code[1])
}

func isLower(b byte) bool { return 'a' <= b && b <= 'z' }

func (s *Server) setMyCommands(c *call) (any, error) {
	key, err := s.menuKey(c)
	if err != nil {
		return nil, err
	}
	var commands []Command
	if _, err := c.decode("commands", &commands); err != nil {
		return nil, err
	}
	if len(commands) > maxCommands {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for i := range commands {
		commands[i].Command = strings.TrimPrefix(commands[i].Command, "/")
		if err := commands[i].check(); err != nil {
			return nil, err
		}
	}
	s.menus[key] = commands
	s.publish(Event{Kind: EventCommands, Chat: key.chat})
	return true, nil
}

// check holds a command to the rules of the service.
func (c Command) check() error {
	switch {
	case c.Command == "":
		return badRequest("command must be non-empty")
	case utf8.RuneCountInString(c.Command) > maxCommandName:
		return badRequest("command length must not exceed %d", maxCommandName)
	case !lowerWord(c.Command):
		return badRequest("BOT_COMMAND_INVALID")
	case c.Description == "":
		return badRequest("command description must be non-empty")
	case utf8.RuneCountInString(c.Description) > maxDescription:
		return badRequest("command description length must not exceed %d", maxDescription)
	}
	return nil
}

func lowerWord(name string) bool {
	return asciiWord(name) == len(name) && name == strings.ToLower(name)
}

func (s *Server) getMyCommands(c *call) (any, error) {
	key, err := s.menuKey(c)
	if err != nil {
		return nil, err
	}
	return append([]Command{}, s.menus[key]...), nil
}

func (s *Server) deleteMyCommands(c *call) (any, error) {
	key, err := s.menuKey(c)
	if err != nil {
		return nil, err
	}
	delete(s.menus, key)
	s.publish(Event{Kind: EventCommands, Chat: key.chat})
	return true, nil
}

// menuOf finds the menu that a person sees in the private chat: the narrowest
// scope first, in each the person's language before the one for all languages.
func (s *Server) menuOf(p *Person) []Command {
	language, _, _ := strings.Cut(p.language, "-")
	for _, key := range []menuKey{{scope: scopeChat, chat: p.id}, {scope: scopePrivate}, {scope: scopeDefault}} {
		for _, key.language = range []string{language, ""} {
			if menu := s.menus[key]; len(menu) > 0 {
				return slices.Clone(menu)
			}
		}
	}
	return nil
}
