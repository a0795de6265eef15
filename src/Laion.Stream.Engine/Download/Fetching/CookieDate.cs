using System.Globalization;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>Parses the dates of cookies in whatever order their parts are (RFC 6265 5.1.1). Pure.</summary>
internal static class CookieDate
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>The date; null when the text is not a date.</summary>
    public static DateTimeOffset? Parse(string text)
    {
        (TimeSpan? time, int day, int month, int year) = (null, -1, -1, -1);
        foreach (string token in text.Split([.. Enumerable.Range(0, 127).Select(c => (char)c).Where(IsDelimiter)], StringSplitOptions.RemoveEmptyEntries))
        {
            int number = LeadingNumber(token, out int digits);
            if (time is null && TimeOf(token) is { } found) { time = found; }
            else if (day < 0 && digits is 1 or 2) { day = number; }
            else if (month < 0 && token.Length >= 3 && Array.IndexOf(Months, token[..3].ToLowerInvariant()) is >= 0 and int index) { month = index + 1; }
            else if (year < 0 && digits is >= 2 and <= 4) { year = number + (digits > 2 ? 0 : number >= 70 ? 1900 : 2000); }
        }

        bool isDate = time is not null && month > 0 && year >= 1601 && year <= 9998 && day >= 1 && day <= DateTime.DaysInMonth(Math.Max(year, 1), Math.Max(month, 1));
        return isDate ? new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero) + time : null;
    }

    private static bool IsDelimiter(char c) =>
        c is '\t' or (>= ' ' and <= '/') or (>= ';' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~');

    private static int LeadingNumber(string token, out int digits)
    {
        int end = token.AsSpan().IndexOfAnyExceptInRange('0', '9');
        digits = end < 0 ? token.Length : end;
        return digits is > 0 and < 6 ? int.Parse(token.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture) : -1;
    }

    private static TimeSpan? TimeOf(string token)
    {
        string[] parts = token.Split(':');
        if (parts.Length != 3) { return null; }
        int[] numbers = [LeadingNumber(parts[0], out int h), LeadingNumber(parts[1], out int m), LeadingNumber(parts[2], out int s)];
        bool isTime = h is 1 or 2 && m is 1 or 2 && s is 1 or 2 && numbers[0] <= 23 && numbers[1] <= 59 && numbers[2] <= 59;
        return isTime ? new TimeSpan(numbers[0], numbers[1], numbers[2]) : null;
    }
}
