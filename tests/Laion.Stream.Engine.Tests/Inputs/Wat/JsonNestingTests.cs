using System.Text;
using LaionStream.Engine.Inputs.Pages;
using LaionStream.Engine.Inputs.Wat;

namespace LaionStream.Engine.Tests.Inputs.Wat;

public class JsonNestingTests
{
    [Fact]
    public void LengthOf_RandomText_AgreesWithAPlainLoop()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] text = new byte[random.Next(1, 300)];
            for (int at = 0; at < text.Length; at++)
            {
                text[at] = (byte)"{}[]\"\\ab"[random.Next(random.Next(2) == 0 ? 8 : 6)];
            }

            text[0] = (byte)'{';
            Assert.True(Plain(text) == JsonNesting.LengthOf(text), Encoding.ASCII.GetString(text));
        }
    }

    [Fact]
    public void LengthOf_DeepNesting_CostsNoStack()
    {
        string deep = new string('[', 1_000_000) + new string(']', 1_000_000);
        Assert.Equal(2_000_000, JsonNesting.LengthOf(Encoding.ASCII.GetBytes(deep)));
    }

    [Theory]
    [InlineData("noai", true)]
    [InlineData("index,NOIMAGEAI", true)]
    [InlineData("said the main aisle", false)]
    [InlineData("ai", false)]
    public void MayOccur_FindsWordsAtAnyPlace(string word, bool expected)
    {
        for (int before = 0; before < 140; before++)
        {
            Assert.Equal(expected, OptOutWords.MayOccur(Encoding.ASCII.GetBytes(new string('x', before) + word + new string('y', before % 7))));
        }
    }

    private static int Plain(byte[] text)
    {
        int depth = 0;
        bool inString = false;
        for (int i = 0; i < text.Length; i++)
        {
            switch ((char)text[i])
            {
                case '\\':
                    // Only quotes and backslashes can be escaped: outside strings, where no backslash is allowed, brackets still count.
                    i += i + 1 < text.Length && text[i + 1] is (byte)'"' or (byte)'\\' or (byte)'a' or (byte)'b' ? 1 : 0;
                    break;
                case '"':
                    inString = !inString;
                    break;
                case '{' or '[' when !inString:
                    depth++;
                    break;
                case '}' or ']' when !inString:
                    if (--depth == 0)
                    {
                        return i + 1;
                    }

                    break;
            }
        }

        return -1;
    }
}
