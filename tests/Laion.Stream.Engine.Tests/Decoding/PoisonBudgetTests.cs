using LaionStream.Engine.Decoding;

namespace LaionStream.Engine.Tests.Decoding;

public sealed class PoisonBudgetTests
{
    private static readonly IndexOutOfRangeException Unknown = new("of the decoder");

    [Fact]
    public void Spend_BeyondWhatIsAllowed_ThrowsWithTheCause()
    {
        var budget = new PoisonBudget(allowed: 3);
        for (int i = 0; i < 3; i++) { budget.Spend(Unknown); }

        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() => budget.Spend(Unknown));

        Assert.Same(Unknown, fault.InnerException);
        Assert.Contains("IndexOutOfRangeException: of the decoder", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoteRow_AWindowLater_TheBudgetIsRestored()
    {
        var budget = new PoisonBudget(allowed: 1);
        for (int i = 0; i < PoisonBudget.Window; i++) { budget.NoteRow(); }
        budget.Spend(Unknown);
        Assert.Throws<InvalidOperationException>(() => budget.Spend(Unknown));

        budget.NoteRow();

        budget.Spend(Unknown);
    }
}
