package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// client speaks Jupyter's protocol with a kernel of its own, as a notebook does.
type client struct {
	t       testing.TB
	process *exec.Cmd
	begun   time.Time
	exited  chan error
	ports   []int // shell, iopub, stdin, control, heartbeat
	shell   zmq4.Socket
	control zmq4.Socket
	key     []byte
	count   int
	heard   chan message       // from iopub
	replies chan message       // from shell and control
	early   map[string]message // replies that came before they were waited for, by request
	ready   time.Duration      // from the start to the first answer
}

// message is one of Jupyter's messages, as far as tests look at it.
type message struct {
	ID      string
	Kind    string
	Session string
	Parent  string // id of the request
	Content map[string]interface{}
}

// start starts the kernel in dir and waits until it answers.
func start(t testing.TB, dir string) *client {
	t.Helper()
	return startProgram(t, kernelProgram(t), dir)
}

func startProgram(t testing.TB, program, dir string) *client {
	t.Helper()
	c := launch(t, dir, func(connection string) *exec.Cmd { return exec.Command(program, connection) })
	c.connect()
	return c
}

// launch starts a kernel in dir by a command for its connection file.
func launch(t testing.TB, dir string, command func(connection string) *exec.Cmd) *client {
	t.Helper()
	c := &client{
		t: t, key: []byte("secret"), ports: freePorts(t, 5), exited: make(chan error, 1),
		heard: make(chan message, 10000), replies: make(chan message, 1000), early: map[string]message{},
	}
	connection, err := json.Marshal(map[string]interface{}{
		"transport": "tcp", "ip": "127.0.0.1", "key": string(c.key), "signature_scheme": "hmac-sha256",
		"shell_port": c.ports[0], "iopub_port": c.ports[1], "stdin_port": c.ports[2], "control_port": c.ports[3], "hb_port": c.ports[4],
	})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "connection.json")
	if err := os.WriteFile(file, connection, 0o600); err != nil {
		t.Fatal(err)
	}
	c.begun = time.Now()
	c.process = command(file)
	c.process.Dir = dir
	c.process.Stderr = os.Stderr
	if err := c.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { c.exited <- c.process.Wait() }()
	t.Cleanup(func() { c.process.Process.Kill() })
	return c
}

// connect connects with the kernel and waits until it answers.
func (c *client) connect() {
	c.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c.t.Cleanup(cancel)
	patient := []zmq4.Option{zmq4.WithDialerRetry(20 * time.Millisecond), zmq4.WithDialerMaxRetries(1500)}
	named := func(id string) []zmq4.Option {
		return append([]zmq4.Option{zmq4.WithID(zmq4.SocketIdentity(id))}, patient...)
	}
	c.shell = zmq4.NewDealer(ctx, named("shell")...)
	c.control = zmq4.NewDealer(ctx, named("control")...)
	iopub := zmq4.NewSub(ctx, patient...)
	for port, s := range map[int]zmq4.Socket{c.ports[0]: c.shell, c.ports[1]: iopub, c.ports[3]: c.control} {
		if err := s.Dial(fmt.Sprintf("tcp://127.0.0.1:%d", port)); err != nil {
			c.t.Fatalf("the kernel does not listen: %v", err)
		}
		c.t.Cleanup(func() { s.Close() })
	}
	if err := iopub.SetOption(zmq4.OptionSubscribe, ""); err != nil {
		c.t.Fatal(err)
	}
	go c.listen(iopub, c.heard)
	go c.listen(c.shell, c.replies)
	go c.listen(c.control, c.replies)
	// A subscription takes effect some time after it is made.
	for deadline := time.Now().Add(30 * time.Second); ; {
		id := c.send(c.shell, "kernel_info_request", map[string]interface{}{})
		c.reply(id, 30*time.Second)
		if c.ready == 0 {
			c.ready = time.Since(c.begun)
		}
		if c.idle(id, 300*time.Millisecond) {
			return
		}
		if time.Now().After(deadline) {
			c.t.Fatal("nothing comes from the kernel's iopub socket")
		}
	}
}

// freePorts finds ports that nobody listens on.
func freePorts(t testing.TB, n int) []int {
	t.Helper()
	ports := make([]int, n)
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports
}

// listen passes on the messages of a socket until it is closed.
func (c *client) listen(s zmq4.Socket, to chan<- message) {
	for {
		msg, err := s.Recv()
		if err != nil {
			return
		}
		frames := msg.Frames
		for len(frames) > 0 && string(frames[0]) != "<IDS|MSG>" {
			frames = frames[1:]
		}
		if len(frames) < 6 {
			continue
		}
		var header, parent struct {
			ID      string `json:"msg_id"`
			Type    string `json:"msg_type"`
			Session string `json:"session"`
		}
		m := message{}
		json.Unmarshal(frames[2], &header)
		json.Unmarshal(frames[3], &parent)
		json.Unmarshal(frames[5], &m.Content)
		m.ID, m.Kind, m.Session, m.Parent = header.ID, header.Type, header.Session, parent.ID
		to <- m
	}
}

// send sends a request and returns its id.
func (c *client) send(s zmq4.Socket, kind string, content interface{}) string {
	c.t.Helper()
	c.count++
	id := fmt.Sprintf("request-%d", c.count)
	frames := [][]byte{[]byte("<IDS|MSG>"), nil}
	mac := hmac.New(sha256.New, c.key)
	header := map[string]interface{}{"msg_id": id, "msg_type": kind, "session": "test", "username": "test", "version": "5.3", "date": time.Now().UTC().Format(time.RFC3339)}
	for _, part := range []interface{}{header, map[string]interface{}{}, map[string]interface{}{}, content} {
		text, err := json.Marshal(part)
		if err != nil {
			c.t.Fatal(err)
		}
		mac.Write(text)
		frames = append(frames, text)
	}
	frames[1] = []byte(hex.EncodeToString(mac.Sum(nil)))
	if err := s.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
		c.t.Fatal(err)
	}
	return id
}

// reply waits for the reply to a request.
func (c *client) reply(id string, patience time.Duration) message {
	c.t.Helper()
	late := time.After(patience)
	for {
		if m, ok := c.early[id]; ok {
			delete(c.early, id)
			return m
		}
		select {
		case m := <-c.replies:
			c.early[m.Parent] = m
		case err := <-c.exited:
			c.t.Fatalf("the kernel ended: %v", err)
		case <-late:
			c.t.Fatalf("no reply to %s within %v", id, patience)
		}
	}
}

// idle tells whether the kernel says that it is done with a request.
func (c *client) idle(id string, patience time.Duration) bool {
	late := time.After(patience)
	for {
		select {
		case m := <-c.heard:
			if m.Kind == "status" && m.Parent == id && m.Content["execution_state"] == "idle" {
				return true
			}
		case <-late:
			return false
		}
	}
}

// outcome is what a cell did.
type outcome struct {
	Status string                   // "ok" or "error"
	Error  string                   // its message
	Output []map[string]interface{} // bundles of results and displays, in order; an update takes its place
	Text   string                   // stdout and stderr
	Order  string                   // kinds of what came, in order: stream, display_data, execute_result, ...
	ids    map[string]int           // place in Output by display id
}

// begin sends a cell.
func (c *client) begin(code string) string {
	c.t.Helper()
	return c.send(c.shell, "execute_request", map[string]interface{}{"code": code, "silent": false, "store_history": true, "stop_on_error": true})
}

// beginWell sends a cell and waits until it is well under way.
func (c *client) beginWell(code string) string {
	c.t.Helper()
	id := c.begin(code)
	late := time.After(time.Minute)
	for {
		select {
		case m := <-c.heard:
			if m.Kind == "execute_input" && m.Parent == id {
				time.Sleep(300 * time.Millisecond)
				return id
			}
		case <-late:
			c.t.Fatalf("%s does not begin", id)
		}
	}
}

// untilGo is code that waits until letGo is called for the folder of the kernel.
const untilGo = "for {\n\tif _, err := os.Stat(\"go\"); err == nil {\n\t\tbreak\n\t}\n\ttime.Sleep(10 * time.Millisecond)\n}\n"

func letGo(t *testing.T, dir string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "go"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
}

// finish waits until a cell is over.
func (c *client) finish(id string, patience time.Duration) outcome {
	c.t.Helper()
	r := c.reply(id, patience)
	o := outcome{Status: fmt.Sprint(r.Content["status"]), ids: map[string]int{}}
	if o.Status == "error" {
		o.Error = fmt.Sprint(r.Content["evalue"])
	}
	for _, m := range c.until(id) {
		o.take(m)
	}
	return o
}

// until returns what is published of a request, until the kernel is idle after it.
func (c *client) until(id string) (published []message) {
	c.t.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case m := <-c.heard:
			if m.Parent != id {
				continue
			}
			published = append(published, m)
			if m.Kind == "status" && m.Content["execution_state"] == "idle" {
				return published
			}
		case <-late:
			c.t.Fatalf("the kernel is not idle after %s", id)
		}
	}
}

// run runs a cell.
func (c *client) run(code string) outcome {
	c.t.Helper()
	return c.finish(c.begin(code), time.Minute)
}

// take notes a message.
func (o *outcome) take(m message) {
	switch m.Kind {
	case "status", "execute_input":
		return
	case "stream":
		o.Text += m.Content["text"].(string)
		if strings.HasSuffix(o.Order, "stream ") {
			return
		}
	case "display_data", "execute_result", "update_display_data":
		bundle, _ := m.Content["data"].(map[string]interface{})
		transient, _ := m.Content["transient"].(map[string]interface{})
		id, _ := transient["display_id"].(string)
		if at, ok := o.ids[id]; ok && m.Kind == "update_display_data" {
			o.Output[at] = bundle
		} else {
			o.ids[id] = len(o.Output)
			o.Output = append(o.Output, bundle)
		}
	}
	o.Order += m.Kind + " "
}

// shown is the text of a cell's last output.
func (o *outcome) shown() string {
	if len(o.Output) == 0 {
		return ""
	}
	return fmt.Sprint(o.Output[len(o.Output)-1]["text/plain"])
}
