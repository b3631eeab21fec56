package main

import (
	"bytes"
	"fmt"
)

// A Dialect teaches the generator one server's chat protocol.
// Delivered messages are recognised for every peer in the same way: the text
// carries a marker "~#00000042~" which is looked for in every data frame
// (a frame may hold several), so a dialect only has to log in, join, send.
type Dialect interface {
	Path(c *Conn) string                           // URL path + query for the upgrade
	Open(c *Conn)                                  // called after 101; may c.SendText(...)
	Frame(c *Conn, p []byte)                       // called for data frames while !c.ready, or for all of them with Always
	Always() bool                                  // call Frame also when ready (protocol-level pings)
	Message(b []byte, c *Conn, text []byte) []byte // append one "send a message" payload
	History(b []byte, c *Conn, n int) []byte       // append a "last n messages" payload, nil if the peer has none
}

func newDialect(name string) Dialect {
	switch name {
	case "plain":
		return &plain{}
	case "hubbub", "hubbub-batch":
		return newHubbub(name == "hubbub-batch")
	}
	panic("unknown dialect " + name)
}

// plain is what the bare room speaks: a "joined" frame, then {"type":"msg","text":...}.
type plain struct{}

func (d *plain) Path(c *Conn) string {
	return fmt.Sprintf("/ws?room=%s&user=u%d", c.room, c.user)
}
func (d *plain) Open(c *Conn) {}
func (d *plain) Frame(c *Conn, p []byte) {
	if bytes.Contains(p, []byte(`joined`)) {
		c.SetReady()
	}
}
func (d *plain) Always() bool { return false }
func (d *plain) Message(b []byte, c *Conn, text []byte) []byte {
	b = append(b, `{"type":"msg","text":"`...)
	b = append(b, text...)
	return append(b, `"}`...)
}
func (d *plain) History(b []byte, c *Conn, n int) []byte {
	return nil
}
