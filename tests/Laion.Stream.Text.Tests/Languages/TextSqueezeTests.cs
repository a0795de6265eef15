using System.Text;
using LaionStream.Text.Languages;

namespace LaionStream.Text.Tests.Languages;

public sealed class TextSqueezeTests
{
    [Fact]
    public void Squeeze_RepetitiveHead_KeepsTheTailFromAWordOn()
    {
        string text = " " + string.Concat(Enumerable.Repeat("ha ", 40)) + "the museum of modern art in the old town ";
        Assert.Equal(" in the old town ", Squeeze(text));
    }

    [Fact]
    public void Squeeze_PlainText_KeepsAll()
    {
        const string Text = " a small harbour below the castle seen from the ferry on a rainy morning ";
        Assert.Equal(Text, Squeeze(Text));
    }

    [Fact]
    public void Squeeze_NothingButRepetition_LeavesABlank() => Assert.Equal(" ", Squeeze(new string('a', 480)));

    [Fact]
    public void Select_LongText_TakesWholeCharactersEvenlySpaced()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("añ", 100)));
        byte[] to = new byte[64];
        string pieces = Encoding.UTF8.GetString(to, 0, TextSnippets.Select(text, 50, to));
        Assert.Equal(5, pieces.Count(c => c == ' '));
        Assert.DoesNotContain('\uFFFD', pieces);
        Assert.InRange(Encoding.UTF8.GetByteCount(pieces), 45, 55);
    }

    private static string Squeeze(string text)
    {
        byte[] buffer = new byte[Encoding.UTF8.GetByteCount(text) + Cld3Scratch.Padding];
        int length = Encoding.UTF8.GetBytes(text, buffer);
        return Encoding.UTF8.GetString(buffer, 0, TextSqueeze.Squeeze(buffer, length, new int[TextSqueeze.TableLength]));
    }
}
