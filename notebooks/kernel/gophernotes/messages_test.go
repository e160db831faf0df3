package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// What follows a failed cell in the queue, as in "run all", is answered as aborted, in the form in which Jupyter's own
// kernel answers it, and not run. Other requests are answered as ever.
func TestFailureEndsTheQueue(t *testing.T) {
	dir := t.TempDir()
	c := start(t, dir)
	c.run("import (\"os\"; \"time\")\ncount := 0")
	failing := c.begin(untilGo + "panic(\"here\")")
	behind := []string{c.begin("count++"), c.begin("count++"), c.begin("count++")}
	info := c.send(c.shell, "kernel_info_request", map[string]interface{}{})
	time.Sleep(300 * time.Millisecond) // on their way
	letGo(t, dir)
	if o := c.finish(failing, 20*time.Second); o.Status != "error" {
		t.Errorf("the first cell: status %q", o.Status)
	}
	ids := map[string]bool{}
	for _, id := range behind {
		r := c.reply(id, 20*time.Second)
		if r.Kind != "execute_reply" || r.Content["status"] != "aborted" || r.Content["ename"] != nil {
			t.Errorf("an aborted cell: %s %v; want an execute_reply of status aborted", r.Kind, r.Content)
		}
		if r.Parent != id || r.Session != "test" || r.ID == "" || r.ID == id || ids[r.ID] {
			t.Errorf("the reply to %s has the id %q, the parent %q and the session %q", id, r.ID, r.Parent, r.Session)
		}
		ids[r.ID] = true
		var heard []string
		for _, m := range c.until(id) {
			heard = append(heard, strings.TrimSpace(fmt.Sprint(m.Kind, " ", m.Content["execution_state"])))
		}
		if want := []string{"status busy", "status idle"}; !slices.Equal(heard, want) {
			t.Errorf("an aborted cell publishes %q; want %q", heard, want)
		}
	}
	if r := c.reply(info, 20*time.Second); r.Kind != "kernel_info_reply" || r.Content["status"] == "aborted" || r.Content["implementation"] == nil {
		t.Errorf("what is no cell is answered by %s %v", r.Kind, r.Content)
	}
	if o := c.run("count"); o.shown() != "0" {
		t.Errorf("count is %q, %s; want 0", o.shown(), o.Error)
	}
	// A cell that says so leaves the queue alone.
	ids2 := []string{
		c.send(c.shell, "execute_request", map[string]interface{}{"code": "time.Sleep(300 * time.Millisecond)\npanic(1)", "silent": false, "stop_on_error": false}),
		c.begin("count++"),
	}
	for i, want := range []string{"error", "ok"} {
		if o := c.finish(ids2[i], 20*time.Second); o.Status != want {
			t.Errorf("without stop_on_error, cell %d: status %q; want %q", i, o.Status, want)
		}
	}
}

// Messages that are malformed, or signed with another key, end nothing.
func TestMalformedMessages(t *testing.T) {
	c := start(t, t.TempDir())
	unsigned := [][]byte{[]byte("<IDS|MSG>"), []byte("00"), []byte("{}"), []byte("{}"), []byte("{}"), []byte("{}")}
	for name, socket := range map[string]zmq4.Socket{"control": c.control, "shell": c.shell} {
		for _, frames := range [][][]byte{{nil}, {[]byte("x")}, {[]byte("<IDS|MSG>")}, {[]byte("<IDS|MSG>"), []byte("signature"), []byte("{}")}, unsigned} {
			if err := socket.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
				t.Fatal(err)
			}
		}
		for _, content := range []interface{}{nil, 3, []int{1}, "x"} {
			c.send(socket, "execute_request", content)
		}
		c.send(socket, "no_such_request", map[string]interface{}{})
		for _, kind := range []string{"execute", "complete", "is_complete"} { // without what they are to have
			id := c.send(socket, kind+"_request", map[string]interface{}{})
			if name == "shell" {
				if r := c.reply(id, 20*time.Second); r.Kind != kind+"_reply" || kind != "complete" && r.Content["status"] != "error" {
					t.Errorf("%s without content: %s %v", kind, r.Kind, r.Content)
				}
			}
		}
		c.reply(c.send(c.control, "interrupt_request", map[string]interface{}{}), 20*time.Second)
		if o := c.run("1"); o.shown() != "1" {
			t.Errorf("%s: the next cell is %q, %q", name, o.shown(), o.Error)
		}
	}
}

// The cursor's place is counted in code points, since protocol 5.2, which the kernel says it speaks.
func TestCompletion(t *testing.T) {
	c := start(t, t.TempDir())
	info := c.reply(c.send(c.shell, "kernel_info_request", map[string]interface{}{}), 20*time.Second)
	if version := fmt.Sprint(info.Content["protocol_version"]); version < "5.2" || version >= "6" {
		t.Errorf("protocol version %s", version)
	}
	if o := c.run("import \"strings\"\n变量 := 1"); o.Status != "ok" {
		t.Fatal(o.Error)
	}
	for _, test := range []struct {
		code       string
		cursor     int
		matches    string
		start, end float64
	}{
		{"strings.HasPre", 14, "[HasPrefix]", 8, 14},
		{"s := \"中文\"; strings.HasPre(s)", 25, "[HasPrefix]", 19, 25},
		{"\"😀\" + strings.HasPre", 20, "[HasPrefix]", 14, 20},
		{"// 中 😀\n变", 8, "[变量]", 7, 8},
		{"中文 😀 noneSuch", 13, "[]", 13, 13},
		{"", 0, "", 0, 0}, // whatever there is
		{"x", 99, "", 0, 1},
	} {
		r := c.reply(c.send(c.shell, "complete_request", map[string]interface{}{"code": test.code, "cursor_pos": test.cursor}), 20*time.Second)
		if r.Kind != "complete_reply" || r.Content["status"] != "ok" || r.Content["matches"] == nil || r.Content["cursor_end"] != test.end ||
			test.matches != "" && (fmt.Sprint(r.Content["matches"]) != test.matches || r.Content["cursor_start"] != test.start) {
			t.Errorf("%s at %d: %s %v; want %s from %v to %v", test.code, test.cursor, r.Kind, r.Content, test.matches, test.start, test.end)
		}
	}
}

func TestShutdown(t *testing.T) {
	for name, how := range map[string]func(*client){
		"idle, control": func(c *client) {
			c.reply(c.send(c.control, "shutdown_request", map[string]interface{}{"restart": false}), 20*time.Second)
		},
		"idle, shell": func(c *client) {
			c.reply(c.send(c.shell, "shutdown_request", map[string]interface{}{"restart": true}), 20*time.Second)
		},
		"running, control": func(c *client) {
			c.begin("for {}")
			c.reply(c.send(c.control, "shutdown_request", map[string]interface{}{"restart": false}), 20*time.Second)
		},
		"terminated": func(c *client) { c.process.Process.Signal(syscall.SIGTERM) },
	} {
		if name == "terminated" && runtime.GOOS == "windows" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			c := start(t, t.TempDir())
			c.run("x := 1")
			how(c)
			select {
			case err := <-c.exited:
				if err != nil && name != "terminated" {
					t.Errorf("the kernel ended with %v", err)
				}
			case <-time.After(20 * time.Second):
				t.Error("the kernel goes on")
			}
		})
	}
}

// A client that goes away while its cell runs, as a page that is closed, does not take the kernel with it.
func TestClientThatGoesAway(t *testing.T) {
	c := start(t, t.TempDir())
	c.run("import \"time\"\ndone := 0")
	own := c.shell
	for i := range 3 {
		ctx, cancel := context.WithCancel(context.Background())
		c.shell = zmq4.NewDealer(ctx, zmq4.WithID(zmq4.SocketIdentity(fmt.Sprintf("page %d", i))))
		if err := c.shell.Dial(fmt.Sprintf("tcp://127.0.0.1:%d", c.ports[0])); err != nil {
			t.Fatal(err)
		}
		c.begin("time.Sleep(300 * time.Millisecond)\ndone++")
		info := c.send(c.shell, "kernel_info_request", map[string]interface{}{})
		time.Sleep(100 * time.Millisecond)
		c.shell.Close()
		cancel()
		c.until(info) // published all the same
		c.shell = own
	}
	// While the answers come.
	for i := range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		c.shell = zmq4.NewDealer(ctx, zmq4.WithID(zmq4.SocketIdentity(fmt.Sprintf("short-lived page %d", i))))
		if err := c.shell.Dial(fmt.Sprintf("tcp://127.0.0.1:%d", c.ports[0])); err != nil {
			t.Fatal(err)
		}
		for range 50 {
			c.send(c.shell, "kernel_info_request", map[string]interface{}{})
		}
		c.shell.Close()
		cancel()
		c.shell = own
	}
	if o := c.run("done"); o.shown() != "3" {
		t.Errorf("afterwards a cell shows %q, %s; want 3", o.shown(), o.Error)
	}
}
