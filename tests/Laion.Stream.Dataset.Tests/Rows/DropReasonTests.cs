using LaionStream.Dataset.Rows;

namespace LaionStream.Dataset.Tests.Rows;

public sealed class DropReasonTests
{
    // The closed list of docs/drop-reasons.md, in order; it is also the order of the stored numbers.
    private const string Listed =
        "no_alt bad_url url_blocked duplicate short_caption page_opt_out dns_failed blocked_address port_blocked connect_failed tls_failed timeout "
        + "too_slow incomplete_body too_many_redirects http_status host_down host_busy too_large too_small_bytes header_opt_out robots_txt hash_blocked "
        + "not_an_image unsupported_format decode_failed too_small too_many_pixels aspect_ratio model_failed low_similarity score_limit underage poison encode_failed "
        + "image_opt_out hash_mismatch removed";

    [Fact]
    public void Names_AllReasons_AreTheClosedList() => Assert.Equal(Listed.Split(' '), DropReasonNames.All.Select(reason => reason.Name()));

    [Fact]
    public void TryParse_EveryName_FindsItsReason() =>
        Assert.All(DropReasonNames.All, reason => Assert.True(DropReasonNames.TryParse(reason.Name(), out DropReason found) && found == reason));

    [Theory]
    [InlineData(DropReason.DnsFailed, 0, true)]
    [InlineData(DropReason.HostBusy, 0, true)]
    [InlineData(DropReason.ModelFailed, 0, true)]
    [InlineData(DropReason.HttpStatus, 404, false)]
    [InlineData(DropReason.HttpStatus, 408, true)]
    [InlineData(DropReason.HttpStatus, 429, true)]
    [InlineData(DropReason.HttpStatus, 503, true)]
    [InlineData(DropReason.HeaderOptOut, 0, false)]
    [InlineData(DropReason.BlockedAddress, 0, false)]
    [InlineData(DropReason.LowSimilarity, 0, false)]
    public void IsRetryable_ByReasonAndStatus(DropReason reason, int detail, bool retryable) =>
        Assert.Equal(retryable, new DropOutcome(reason, detail).IsRetryable());
}
