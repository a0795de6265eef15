using System.Text;
using LaionStream.Engine.Download.Fetching;

namespace LaionStream.Engine.Tests.Download.Fetching;

/// <summary>The repair of each flaw of a response's header; <c>|</c> means CR LF.</summary>
public sealed class HeaderRepairTests
{
    private const string Ok = "HTTP/1.1 200 |";

    [Theory]
    [InlineData("HTTP/1.1 200 OK|A: b|")]
    [InlineData("HTTP/1.0 404 Not Found|A:b|B-_.!~9: |")]
    [InlineData("HTTP/1.1 200|Transfer-Encoding: Chunked|")]
    [InlineData("HTTP/1.1 200 OK\nA: b\n")]
    [InlineData("HTTP/1.1 200 OK|X: caf\u00e9 \u0001|")]
    public void IsSound_HeadWithoutFlaw_IsPassedOn(string head) => Assert.True(HeaderRepair.IsSound(Bytes(head + "|")));

    [Theory]
    [InlineData("HTTP/1.1 200 OK|Tue, 12 Jun 2012 01:56:34 GMT|A: b|", Ok + "A: b|")] // spaces and a comma before the first colon
    [InlineData("HTTP/1.1 200 OK|X Cache Hit: yes|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/1.1 200 OK|: nameless|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/1.1 200 OK|no colon at all|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/1.1 200 OK|word|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/1.1 200 OK|\u00e4\u00f6: umlauts|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/1.1 200 OK|<b>Warning</b>: x in /a.php|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/1.1 200 OK|(c): d|\"q\": r|a/b: c|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/1.1 200 OK|Content-Type : image/png|A\t: b|", Ok + "Content-Type: image/png|A: b|")]
    [InlineData("HTTP/1.1 200 OK|A: b| and more|\tyet more|C: d|", Ok + "A: b and more yet more|C: d|")]
    [InlineData("HTTP/1.1 200 OK| before any field|A: b|", Ok + "A: b|")] // RFC 9112 2.2
    [InlineData("HTTP/1.1 200 OK|X Y: z| its continuation: x|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/1.1 200 OK|A: b\0c\rd|", Ok + "A: b c d|")] // RFC 9110 5.5
    [InlineData("HTTP/1.1 200 OK\r|A: b\r|\r", Ok + "A: b|")]
    [InlineData("HTTP/1.1 200 OK|HTTP/1.1 200 OK|A: b|", Ok + "A: b|")] // the status line twice: a space before the colon, or none
    [InlineData("HTTP/1.1 200OK|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/1.1  404  Not Found|A: b|", "HTTP/1.1 404 |A: b|")]
    [InlineData("HTTP/1.1\t200\tOK|A: b|", Ok + "A: b|")]
    [InlineData("http/1.1 200 ok|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/2.0 200 OK|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/1.2 200 OK|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/1 200 OK|A: b|", Ok + "A: b|")]
    [InlineData("HTTP 200 OK|A: b|", "HTTP/1.0 200 |A: b|")]
    [InlineData("HTTP/0.9 200 OK|A: b|", "HTTP/1.0 200 |A: b|")]
    [InlineData("HTTP/1.1|A: b|", Ok + "A: b|")] // no number: Chromium assumes 200
    [InlineData("HTTP/1.1 OK|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/1.1 20000 OK|A: b|", "HTTP/1.1 20000 |A: b|")] // the handler refuses it
    [InlineData("||HTTP/1.1 200 OK|A: b|", Ok + "A: b|")]
    [InlineData("xyzwHTTP/1.1 200 OK|A: b|", Ok + "A: b|")]
    [InlineData("HTTP/1.1 200 OK|Content-Length: 5|Transfer-Encoding: gzip, chunked|", Ok + "Transfer-Encoding: chunked|Content-Encoding: gzip|")]
    [InlineData("HTTP/1.1 200 OK|Content-Encoding: br|Transfer-Encoding: gzip|Transfer-Encoding: chunked|", Ok
        + "Content-Encoding: br|Transfer-Encoding: chunked|Content-Encoding: gzip|")]
    [InlineData("HTTP/1.1 200 OK|Transfer-Encoding: gzip|Content-Length: 5|", Ok + "Content-Encoding: gzip|")] // RFC 9112 6.3 (4): until the connection ends
    [InlineData("HTTP/1.1 200 OK|Transfer-Encoding: identity|Content-Length: 5|", Ok + "Content-Length: 5|")]
    [InlineData("HTTP/1.1 200 OK|Transfer-Encoding:|Content-Length: 5|", Ok + "Content-Length: 5|")]
    [InlineData("HTTP/1.1 200 OK|Transfer-Encoding: chunked, chunked|Content-Length: 5|", Ok + "Transfer-Encoding: chunked|")]
    public void Repair_EachFault_Table(string head, string expected)
    {
        byte[] bytes = Bytes(head + "|");

        Assert.False(HeaderRepair.IsSound(bytes));
        Assert.True(HeaderRepair.IsHttp(bytes));
        Assert.Equal(expected + "|", Encoding.Latin1.GetString(HeaderRepair.Repair(bytes)).Replace("\r\n", "|", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK|A: b||body|", 25)]
    [InlineData("HTTP/1.1 200 OK\n\nbody", 17)]
    [InlineData("HTTP/1.1 200 OK|\r|body|", 20)] // curl ends a header at a line that starts with CR
    [InlineData("||HTTP/1.1 200 OK||", 23)]
    [InlineData("HTTP/1.1 200 OK|A: b|", -1)]
    [InlineData("HTTP/1.1 200 OK", -1)]
    [InlineData("", -1)]
    public void LengthOf_EndsAtTheEmptyLine(string bytes, int expected) => Assert.Equal(expected, HeaderRepair.LengthOf(Bytes(bytes)));

    [Theory]
    [InlineData("HTTP/1.1 100 Continue|", true)]
    [InlineData("HTTP/1.1 103|", true)]
    [InlineData("\nhttp/1.1 103 Early|", true)]
    [InlineData("HTTP/1.1 101 Switching|", false)]
    [InlineData("HTTP/1.1 200 OK|", false)]
    [InlineData("HTTP/1.1 1000|", false)]
    public void IsInterim_Table(string head, bool expected) => Assert.Equal(expected, HeaderRepair.IsInterim(Bytes(head + "|")));

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2p1", false)]
    [InlineData("<html><head>", false)]
    [InlineData("12345HTTP/1.1 200", false)]
    [InlineData("HT", null)]
    [InlineData("<html>", null)]
    [InlineData("", null)]
    [InlineData("HTTP", true)]
    public void IsHttp_Table(string bytes, bool? expected) => Assert.Equal(expected, HeaderRepair.IsHttp(Bytes(bytes)));

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace("|", "\r\n", StringComparison.Ordinal));
}
