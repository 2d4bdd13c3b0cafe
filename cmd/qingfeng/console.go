package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// console is where a command speaks: results on one stream, messages on another,
// in the language of the operator.
type console struct {
	out, errs io.Writer
	language  reminders.Language // of messages
	location  *time.Location     // in which instants are shown
	styled    bool               // out takes emphasis
	lively    bool               // errs takes progress that overwrites itself
	began     bool               // the command line was right and the command has begun
	serving   bool               // the task has come to a running service
	names     bot.Names          // of people and units; nil: their identifiers
}

// newConsole speaks to two files, which may be terminals, in the language of the
// environment.
func newConsole(out, errs *os.File) *console {
	return &console{
		out: out, errs: errs, language: spoken(os.Getenv), location: time.Local,
		styled: terminal(out) && os.Getenv("NO_COLOR") == "", lively: terminal(errs),
	}
}

// spoken is the language of the environment: Chinese for any zh, English else.
func spoken(getenv func(string) string) reminders.Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			return languageLike(value)
		}
	}
	return reminders.English
}

// languageLike maps the tag of a language to one that the command line speaks.
func languageLike(tag string) reminders.Language {
	if strings.HasPrefix(strings.ToLower(tag), "zh") {
		return reminders.Chinese
	}
	return reminders.English
}

// terminal reports whether a person reads the file as it is written.
func terminal(file *os.File) bool {
	stat, err := file.Stat()
	term := os.Getenv("TERM")
	return err == nil && stat.Mode()&os.ModeCharDevice != 0 && term != "" && term != "dumb"
}

// run executes a command line and gives the exit code.
func (c *console) run(ctx context.Context, root *cobra.Command, args []string) int {
	root.SetArgs(args)
	root.SetOut(c.out)
	root.SetErr(c.errs)
	err := root.ExecuteContext(ctx)
	if err != nil && !c.began {
		if _, told := errors.AsType[*usageError](err); !told {
			err = misused(err)
		}
	}
	return c.end(err)
}

// end says what went wrong, if anything did, and gives the exit code.
func (c *console) end(err error) int {
	if wrong, ok := errors.AsType[*rowsError](err); ok {
		c.tellRows(wrong)
	} else if _, told := errors.AsType[*statedError](err); err != nil && !told {
		c.tell("qingfeng: " + c.explain(err))
	}
	return exitCode(err)
}

// tokenLike finds what has the form of a bot token, also where it was typed by
// mistake: no message repeats it.
var tokenLike = regexp.MustCompile(`[0-9]{5,}(:|%3[Aa])[A-Za-z0-9_-]{20,}`)

// tell writes one line of a message.
func (c *console) tell(text string) {
	_, _ = fmt.Fprintln(c.errs, tokenLike.ReplaceAllString(text, "***")) // nobody is left to tell of a failure
}

// note tells a text of the catalogue.
func (c *console) note(key string, args reminders.Args) {
	c.tell(c.say(reminders.Line(key, args)))
}

// explain puts an error into words: the text for people where there is one, else
// the chain for operators.
func (c *console) explain(err error) string {
	m := reminders.MessageOf(err)
	if m.Key == "" {
		return c.say(reminders.Line("cli.failed", reminders.Args{"Cause": reminders.Text(err.Error())}))
	}
	return c.say(m)
}

// shipped are the texts within the binary. An office may replace texts of the
// chat; the command line speaks the shipped ones.
var shipped = sync.OnceValues(func() (*content.Content, error) { return content.Load(nil) })

// say puts a message into words. What cannot be worded, which a test of the
// catalogue excludes, is shown by its key.
func (c *console) say(m reminders.Message) string { return c.sayIn(c.language, m) }

// sayIn puts a message into the words of a language: what programs read is
// English whoever runs them.
func (c *console) sayIn(language reminders.Language, m reminders.Message) string {
	texts, err := shipped()
	if err != nil {
		return m.Key + " (" + err.Error() + ")"
	}
	words := bot.NewWords(texts.Catalogue(), language, c.location)
	if c.names != nil {
		words = words.Naming(c.names)
	}
	text, err := words.Plain(m)
	if err != nil {
		return m.Key
	}
	return text
}

// word gives a text without arguments.
func (c *console) word(key string) string { return c.say(reminders.Line(key, nil)) }

// progress shows how far a longer work has come, on a terminal only.
func (c *console) progress(done, total int) {
	if !c.lively {
		return
	}
	_, _ = fmt.Fprintf(c.errs, "\r%d/%d", done, total)
	if done >= total {
		_, _ = fmt.Fprint(c.errs, "\r\x1b[K")
	}
}
