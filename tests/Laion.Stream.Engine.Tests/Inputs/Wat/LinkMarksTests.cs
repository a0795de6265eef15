using LaionStream.Engine.Inputs.Wat;

namespace LaionStream.Engine.Tests.Inputs.Wat;

public sealed class LinkMarksTests
{
    [Theory]
    [InlineData("x\"IMG@/src\"", 5)]
    [InlineData("x@ G@", 4)]
    [InlineData("{}]", 2)]
    [InlineData("x] ]", -1)]
    [InlineData("{\"a\":[1]}", 5)]
    [InlineData("1,[", 2)]
    [InlineData("[[", 1)]
    [InlineData("x[ [0]", -1)]
    [InlineData("", -1)]
    [InlineData("@", -1)]
    public void IndexOf_AtAnyPlaceInAnyBlock_FindsTheMark(string text, int expected)
    {
        for (int shift = 0; shift < 130; shift++)
        {
            byte[] bytes = System.Text.Encoding.ASCII.GetBytes(new string('x', shift) + text + new string('y', shift));

            Assert.Equal(expected < 0 ? -1 : expected + shift, LinkMarks.IndexOf(bytes, 1));
        }
    }

    [Fact]
    public void IndexOf_RandomText_AgreesWithASlowLoop()
    {
        var random = new Random(1);
        byte[] alphabet = "G@}][:,xyz{\"IM"u8.ToArray();
        for (int round = 0; round < 2000; round++)
        {
            byte[] text = random.GetItems(alphabet, random.Next(300));
            int expected = Slow(text, 1);
            for (int from = 1; ; from = expected + 1, expected = Slow(text, from))
            {
                Assert.Equal(expected, LinkMarks.IndexOf(text, from));
                if (expected < 0) { break; }
            }
        }
    }

    private static int Slow(byte[] text, int from)
    {
        for (int i = from; i < text.Length; i++)
        {
            string pair = $"{(char)text[i - 1]}{(char)text[i]}";
            if (pair is "G@" or "}]" or ":[" or ",[" or "[[") { return i; }
        }

        return -1;
    }
}
