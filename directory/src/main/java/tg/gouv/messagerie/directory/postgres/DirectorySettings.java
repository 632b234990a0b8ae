package tg.gouv.messagerie.directory.postgres;

import java.time.Duration;
import tg.gouv.messagerie.directory.letters.LetterSettings;
import tg.gouv.messagerie.directory.signin.SignInSettings;
import tg.gouv.messagerie.platform.settings.Doc;

/** How the directory uses PostgreSQL, and how one signs in. */
public record DirectorySettings(
        @Doc(value = "How many PostgreSQL connections look-ups use at once.", byDefault = "4")
        int connectionsMax,

        @Doc(
                value =
                        "How many PostgreSQL connections changes of the directory use at once; they happen one after the"
                                + " other, setting passwords apart.",
                byDefault = "2")
        int provisioningConnectionsMax,

        @Doc(
                value = "How long a one-time code serves, with which a person gives the account its first password.",
                byDefault = "\"7d\"")
        Duration activationCodeFor,

        @Doc(value = "How long a token of the administration's API serves.", byDefault = "\"15m\"")
        Duration apiTokenFor,

        @Doc("Signing in.") SignInSettings signIn,
        @Doc("Bulk imports.") ImportSettings imports,
        @Doc("Letters with activation codes.") LetterSettings letters) {

    public DirectorySettings {
        if (connectionsMax < 1 || connectionsMax > 1_000) {
            throw new IllegalArgumentException("connections-max must be between 1 and 1000");
        }
        if (provisioningConnectionsMax < 1 || provisioningConnectionsMax > 100) {
            throw new IllegalArgumentException("provisioning-connections-max must be between 1 and 100");
        }
        if (activationCodeFor.toMinutes() < 1 || activationCodeFor.toDays() > 366) {
            throw new IllegalArgumentException("activation-code-for must be between 1m and 366d");
        }
        if (apiTokenFor.toSeconds() < 10 || apiTokenFor.toHours() > 24) {
            throw new IllegalArgumentException("api-token-for must be between 10s and 24h");
        }
    }

    /** Every default. */
    public static DirectorySettings byDefault() {
        return new DirectorySettings(
                4,
                2,
                Duration.ofDays(7),
                Duration.ofMinutes(15),
                SignInSettings.byDefault(),
                ImportSettings.byDefault(),
                LetterSettings.byDefault());
    }
}
