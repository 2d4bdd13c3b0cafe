package main

import (
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// The rates of the chat service, in messages a second.
const (
	freeRate = 30   // for every bot
	paidRate = 1000 // with paid broadcasts
)

// webhookPath is where the service takes updates that are posted.
const webhookPath = "/telegram/webhook"

// placeFlags say over which data a command works, and where on earth.
type placeFlags struct{ data, timezone, content string }

func (f *placeFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.data, "data", "./data", "data directory")
	flags.StringVar(&f.timezone, "timezone", "Asia/Shanghai", "time zone of the office")
	flags.StringVar(&f.content, "content", "", "directory whose files replace the shipped content file by file")
}

// place is what placeFlags come to.
type place struct {
	dir      string
	location *time.Location
	override fs.FS
}

func (f *placeFlags) resolve() (place, error) {
	p := place{dir: f.data}
	var err error
	if p.location, err = time.LoadLocation(f.timezone); err != nil || f.timezone == "" || f.timezone == "Local" {
		return p, badValue("timezone", f.timezone, "Asia/Shanghai")
	}
	if f.data == "" {
		return p, badValue("data", f.data, "./data")
	}
	if f.content != "" {
		if stat, err := os.Stat(f.content); err != nil || !stat.IsDir() {
			return p, usage("cli.content", reminders.Args{"Path": reminders.Text(f.content)})
		}
		p.override = os.DirFS(f.content)
	}
	return p, nil
}

// serveFlags are the flags of the service.
type serveFlags struct {
	placeFlags

	tokenFile, apiURL, listen      string
	webhookURL, webhookSecretFile  string
	publicURL, logFormat, logLevel string
	language, clockStart, quota    string
	rate, clockSpeed               float64
	paidBroadcast                  bool
	caseFeeds                      addressList
	caseRecheck                    bool
}

func (f *serveFlags) register(flags *pflag.FlagSet) {
	f.placeFlags.register(flags)
	flags.StringVar(&f.tokenFile, "token-file", "", "file with the bot's token (or the token itself in QINGFENG_TOKEN or TELEGRAM_BOT_TOKEN)")
	flags.StringVar(&f.apiURL, "api-url", wire.PublicAPI, "address of the Bot API")
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8480", "address for health, metrics and the webhook")
	flags.StringVar(&f.webhookURL, "webhook-url", "", "address to which the chat service posts updates; the path defaults to "+webhookPath+" (default: long polling)")
	flags.StringVar(&f.webhookSecretFile, "webhook-secret-file", "", "file with the secret that comes with each posted update")
	flags.StringVar(&f.publicURL, "public-url", "", "address under which people reach this service: base of calendar feeds and API")
	flags.StringVar(&f.language, "language", string(reminders.Chinese), "language of the office, zh-Hans or en")
	flags.Float64Var(&f.rate, "rate", 28, "messages a second; over 30 needs --paid-broadcast")
	flags.BoolVar(&f.paidBroadcast, "paid-broadcast", false, "let --rate go over 30, up to 1000: the chat service withdraws 0.1 Telegram Stars from the bot's balance for each message over its usual limits")
	flags.StringVar(&f.quota, "quota", "", "largest size of the store, such as 2GB (default: no limit)")
	flags.Var(&f.caseFeeds, "case-feed", "RSS or Atom feed of an authority whose items become drafts of public cases; can be given more than once")
	flags.BoolVar(&f.caseRecheck, "case-recheck", true, "look once a day whether the pages of published cases are still there and say the same")
	flags.StringVar(&f.logFormat, "log-format", "text", "text or json")
	flags.StringVar(&f.logLevel, "log-level", "info", "debug, info, warn or error")
	flags.StringVar(&f.clockStart, "clock-start", "", "start of a simulated clock, RFC 3339; only with an API on this machine")
	flags.Float64Var(&f.clockSpeed, "clock-speed", 1, "simulated seconds a second; only with an API on this machine")
}

// settings are what serveFlags come to.
type settings struct {
	place

	apiURL     string
	listen     string
	webhook    string // complete address; empty: polling
	public     string // address under which people reach the service; may be empty
	rate       float64
	paid       bool     // messages over the usual limits may be paid for
	quota      int64    // bytes; 0: no limit
	feeds      []string // of authorities, for cases
	recheck    bool     // whether the pages of published cases are looked at again
	language   reminders.Language
	logFormat  string
	logLevel   slog.Level
	simulated  bool
	clockStart time.Time // zero: now
	clockSpeed float64
}

// resolve checks the flags, all that can be checked without reading secrets or
// speaking to anyone. The first that is wrong is a usage error.
func (f *serveFlags) resolve(cmd *cobra.Command) (s settings, err error) {
	if s.place, err = f.placeFlags.resolve(); err != nil {
		return s, err
	}
	if s.apiURL, err = address("api-url", f.apiURL); err != nil {
		return s, err
	}
	if f.publicURL != "" {
		if s.public, err = address("public-url", f.publicURL); err != nil {
			return s, err
		}
	}
	local := loopback(s.apiURL)
	if s.webhook, err = f.webhook(local); err != nil {
		return s, err
	}
	if s.listen = f.listen; !hostPort(f.listen) {
		return s, badValue("listen", f.listen, "127.0.0.1:8480")
	}
	if s.language = reminders.Language(f.language); s.language != reminders.Chinese && s.language != reminders.English {
		return s, badValue("language", f.language, "zh-Hans, en")
	}
	if s.rate, err = f.pace(local); err != nil {
		return s, err
	}
	s.paid = f.paidBroadcast
	if s.quota, err = parseQuota(f.quota); err != nil {
		return s, err
	}
	if s.feeds, err = feedAddresses(f.caseFeeds); err != nil {
		return s, err
	}
	s.recheck = f.caseRecheck
	if err = f.logging(&s); err != nil {
		return s, err
	}
	given := cmd.Flags().Changed("clock-start") || cmd.Flags().Changed("clock-speed")
	return s, f.clock(&s, given, local)
}

// pace checks how quickly messages may go out.
func (f *serveFlags) pace(local bool) (float64, error) {
	value := strconv.FormatFloat(f.rate, 'g', -1, 64)
	switch {
	case !(f.rate > 0):
		return 0, badValue("rate", value, "28")
	case local:
	case f.rate > paidRate:
		return 0, badValue("rate", value, strconv.Itoa(paidRate))
	case f.rate > freeRate && !f.paidBroadcast:
		return 0, usage("cli.rate", reminders.Args{"Rate": reminders.Text(value), "Limit": reminders.Number(freeRate)})
	}
	return f.rate, nil
}

// logging checks how the log is written.
func (f *serveFlags) logging(s *settings) error {
	if s.logFormat = f.logFormat; s.logFormat != "text" && s.logFormat != "json" {
		return badValue("log-format", f.logFormat, "text, json")
	}
	if err := s.logLevel.UnmarshalText([]byte(f.logLevel)); err != nil {
		return badValue("log-level", f.logLevel, "debug, info, warn, error")
	}
	return nil
}

// clock checks the flags of the simulated clock, which never meets real people.
func (f *serveFlags) clock(s *settings, given, local bool) (err error) {
	if !given {
		return nil
	}
	if !local {
		return usage("cli.clock", nil)
	}
	if s.simulated, s.clockSpeed = true, f.clockSpeed; !(f.clockSpeed > 0) {
		return badValue("clock-speed", strconv.FormatFloat(f.clockSpeed, 'g', -1, 64), "3600")
	}
	if f.clockStart == "" {
		return nil
	}
	if s.clockStart, err = time.Parse(time.RFC3339, f.clockStart); err != nil {
		return badValue("clock-start", f.clockStart, "2026-09-10T08:00:00+08:00")
	}
	return nil
}

// webhook completes the address of the webhook. Telegram posts over TLS only.
func (f *serveFlags) webhook(local bool) (string, error) {
	if (f.webhookURL == "") != (f.webhookSecretFile == "") {
		return "", usage("cli.webhook.both", nil)
	}
	if f.webhookURL == "" {
		return "", nil
	}
	given, err := address("webhook-url", f.webhookURL)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(given)
	if err != nil || u.Scheme != "https" && !local {
		return "", badValue("webhook-url", f.webhookURL, "https://bot.example.org")
	}
	if u.Path == "" {
		u.Path = path.Clean(webhookPath)
	}
	return u.String(), nil
}

// address checks an address of the web and takes the slash from its end. What it
// repeats has no user and password in it.
func address(name, value string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(value))
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", badValue(name, "…", "https://bot.example.org")
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// loopback reports whether an address is on this machine.
func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// hostPort reports whether a text can be listened on.
func hostPort(value string) bool {
	_, port, err := net.SplitHostPort(value)
	if err != nil {
		return false
	}
	n, err := strconv.Atoi(port)
	return err == nil && n >= 0 && n < 1<<16
}

// maxSecret bounds the file of a secret in bytes.
const maxSecret = 4 << 10

// readSecret reads a file with one secret in it.
func readSecret(name, path string) (string, error) {
	stat, err := os.Stat(path)
	if err == nil && (!stat.Mode().IsRegular() && stat.Mode()&os.ModeNamedPipe == 0 || stat.Size() > maxSecret) {
		return "", failed("cli.secret.strange", reminders.Args{"Name": reminders.Text(name), "Path": reminders.Text(path)}, nil)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", failed("cli.secret.unreadable", reminders.Args{
			"Name": reminders.Text(name), "Path": reminders.Text(path), "Cause": reminders.Text(cause(err)),
		}, err)
	}
	return strings.TrimSpace(string(text)), nil
}

// token finds the bot's token: a file that the command line names, then the
// environment, then a file that the settings name.
func (f *serveFlags) token(typed bool, getenv func(string) string) (string, error) {
	if !typed || f.tokenFile == "" {
		for _, name := range []string{"QINGFENG_TOKEN", "TELEGRAM_BOT_TOKEN"} {
			if token := getenv(name); token != "" {
				return token, nil
			}
		}
	}
	if f.tokenFile == "" {
		return "", usage("cli.token.missing", nil)
	}
	return readSecret("token-file", f.tokenFile)
}

// secretShape is what the chat service takes as the secret of a webhook.
var secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// webhookSecret reads the secret of the webhook; empty without a webhook.
func (f *serveFlags) webhookSecret() (string, error) {
	if f.webhookSecretFile == "" {
		return "", nil
	}
	secret, err := readSecret("webhook-secret-file", f.webhookSecretFile)
	if err == nil && !secretShape.MatchString(secret) {
		err = failed("cli.webhook.secret", reminders.Args{"Path": reminders.Text(f.webhookSecretFile)}, nil)
	}
	return secret, err
}
