using LaionStream.Text.StructuredFields;

namespace LaionStream.Text.Tests.StructuredFields;

/// <summary>Dictionaries by RFC 9651.</summary>
public sealed class StructuredDictionaryTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("a=y", "a=Token:y")]
    [InlineData("  a=y  ", "a=Token:y")]
    [InlineData("a=y\t,\t b=n", "a=Token:y b=Token:n")]
    [InlineData("a", "a=Boolean:?1")]
    [InlineData("a;x=1;y, b=?0", "a=Boolean:?1 b=Boolean:?0")]
    [InlineData("a=1, a=2", "a=Number:2")]
    [InlineData("a=y, a", "a=Boolean:?1")]
    [InlineData("*k-1_.=tok:en/x", "*k-1_.=Token:tok:en/x")]
    [InlineData("a=*/x", "a=Token:*/x")]
    [InlineData("""a="x\"\\,=", b=n""", """a=Text:"x\"\\,=" b=Token:n""")]
    [InlineData("a=-0.125, b=123456789012345", "a=Number:-0.125 b=Number:123456789012345")]
    [InlineData("a=:aGk=:, b=::", "a=Bytes::aGk=: b=Bytes:::")]
    [InlineData("a=@1659578233", "a=Date:@1659578233")]
    [InlineData("""a=%"f%c3%bc"; q=1""", """a=DisplayText:%"f%c3%bc" """)]
    [InlineData("""a=(x "y" 1;p=:aGk=: ?1);q, b=()""", """a=InnerList:(x "y" 1;p=:aGk=: ?1) b=InnerList:()""")]
    public void TryParse_Dictionary_HoldsTheLastValueOfEachKey(string field, string expected)
    {
        Assert.True(StructuredDictionary.TryParse(field, out IReadOnlyDictionary<string, StructuredMember>? members));
        Assert.Equal(expected.Trim(), string.Join(' ', members.Select(pair => $"{pair.Key}={pair.Value.Kind}:{pair.Value.Raw}")));
    }

    [Theory]
    [InlineData("a=y,")]
    [InlineData("a=y,,b=n")]
    [InlineData(",a=y")]
    [InlineData("a=y b=n")]
    [InlineData("A=y")]
    [InlineData("1a=y")]
    [InlineData("a=")]
    [InlineData("a= y")]
    [InlineData("a =y")]
    [InlineData("\ta=y")]
    [InlineData("=y")]
    [InlineData("a=y;X=1")]
    [InlineData("a=y; ")]
    [InlineData("a=\"x")]
    [InlineData("a=\"\\x\"")]
    [InlineData("a=\"ü\"")]
    [InlineData("a=ü")]
    [InlineData("a=?2")]
    [InlineData("a=1.")]
    [InlineData("a=.5")]
    [InlineData("a=-")]
    [InlineData("a=1234567890123456")]
    [InlineData("a=1234567890123.1")]
    [InlineData("a=1.2345")]
    [InlineData("a=@1.5")]
    [InlineData("a=:a_:")]
    [InlineData("a=:aGk=")]
    [InlineData("a=%\"%C3%BC\"")]
    [InlineData("a=%\"%c3\"")]
    [InlineData("a=%\"%f\"")]
    [InlineData("a=%x")]
    [InlineData("a=(x")]
    [InlineData("a=(x,y)")]
    [InlineData("a=(x\"y\")")]
    [InlineData("a=((x))")]
    [InlineData("a=y\r\nb=n")]
    public void TryParse_AnythingElse_IsNothing(string field) => Assert.False(StructuredDictionary.TryParse(field, out _));
}
