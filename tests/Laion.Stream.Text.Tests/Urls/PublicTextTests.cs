using LaionStream.Text.Urls;

namespace LaionStream.Text.Tests.Urls;

public sealed class PublicTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("no address: a://", "no address: a://")]
    [InlineData("https://h.example/a.wat", "https://h.example/a.wat")]
    [InlineData("https://me:secret@h.example/a.wat?sig=secret", "https://h.example/a.wat")]
    [InlineData("see 'https://me:secret@h.example/a.wat?sig=secret'.", "see 'https://h.example/a.wat'.")]
    [InlineData("s3://key:secret@bucket/a, http://u:secret@p:8080 and ftp://x?secret#secret end", "s3://bucket/a, http://p:8080 and ftp://x end")]
    [InlineData("--Laion:Input:Paths:0=http://me:sec@ret@h/?a", "--Laion:Input:Paths:0=http://h/")]
    [InlineData("{\"u\":\"http://h/a?k=\\u0041secret\\\"\",\"n\":1}", "{\"u\":\"http://h/a\\\"\",\"n\":1}")]
    [InlineData("\"http://h/?secret\\n   at A.B()\"", "\"http://h/\\n   at A.B()\"")]
    [InlineData("http://[::1]:80/?secret\nhttp://b/?secret", "http://[::1]:80/\nhttp://b/")]
    [InlineData("The proxy tunnel request to proxy 'http://me:secret@proxy:3128/' failed.", "The proxy tunnel request to proxy 'http://proxy:3128/' failed.")]
    [InlineData("'/home/a/http:/me:secret@h.example/x?sig=secret' is not there.", "'/home/a/http:/h.example/x' is not there.")]
    [InlineData("s3:/key:secret@bucket/a and C:/a@b?c, x:/a@b", "s3:/bucket/a and C:/a@b?c, x:/a@b")]
    [InlineData("http:/", "http:/")]
    [InlineData("http://h?next=http://other/?secret x", "http://h x")]
    public void Of_Text_HasNoSecretOfAnAddress(string text, string expected) => Assert.Equal(expected, PublicText.Of(text));
}
