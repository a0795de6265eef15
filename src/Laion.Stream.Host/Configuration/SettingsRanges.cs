using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace LaionStream.Host.Configuration;

/// <summary>Checks bound options against the attributes of their class: ranges, required values, patterns.</summary>
internal static class SettingsRanges
{
    /// <summary>Every value outside the range of its key.</summary>
    /// <param name="path">The key of the options.</param>
    /// <param name="options">The bound options.</param>
    public static IEnumerable<SettingError> Errors(string path, object options)
    {
        foreach (PropertyInfo property in KnownKeys.Settable(options.GetType()))
        {
            string key = $"{path}:{property.Name}";
            object? value = property.GetValue(options);
            var context = new ValidationContext(options) { MemberName = property.Name };
            foreach (ValidationAttribute rule in property.GetCustomAttributes<ValidationAttribute>()
                .Where(rule => rule.GetValidationResult(value, context) != ValidationResult.Success))
            {
                yield return new SettingError(key, Message(rule, value));
            }

            foreach (SettingError error in Inside(key, value)) { yield return error; }
        }
    }

    private static IEnumerable<SettingError> Inside(string key, object? value) => value switch
    {
        IDictionary entries => entries.Keys.Cast<object>().SelectMany(name => Inside($"{key}:{name}", entries[name])),
        not null when KnownKeys.IsGroup(value.GetType()) => Errors(key, value),
        _ => [],
    };

    private static string Message(ValidationAttribute rule, object? value) => rule switch
    {
        RangeAttribute range => $"{Text(value)} is outside {Text(range.Minimum)} to {Text(range.Maximum)}.",
        RequiredAttribute => "a value is wanted.",
        UrlAttribute => $"'{Text(value)}' is no http or https address.",
        RegularExpressionAttribute { ErrorMessage: { } wanted } => $"'{Text(value)}' is not {wanted}.",
        _ => rule.FormatErrorMessage("it"),
    };

    private static string Text(object? value) => value switch
    {
        TimeSpan time => time.ToString(time.Ticks % TimeSpan.TicksPerSecond == 0 ? "c" : @"hh\:mm\:ss\.FFFFFFF", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
