using LaionStream.Dataset.Parquet;

namespace LaionStream.Dataset.Tests.Parquet;

public sealed class SampleSchemaTests
{
    [Fact]
    public void OutputNames_NamesOfOurs_ArePrefixedInAnyCase() =>
        Assert.Equal(["id", "input_url", "input_Hash", "input_input_url"], SampleSchema.OutputNames(["id", "url", "Hash", "input_url"]));
}
