package tg.gouv.messagerie.directory.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes that other programs made: OpenLDAP's slappasswd, the C library's crypt, Python's hashlib. */
class ImportedHashTest {
    private static final String OF_389 =
            "{PBKDF2_SHA256}AAAIAAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6"
                    + "Ozw9Pj+9iLeBa9BOE9FbqQu30QIpLAh175OLQOu6QaOGRat4J4EnBxDWa1ptNGXhOGccnrYmKAiUVr5g+PnAy/mRsuYwGlmPfSK6BS4u21UORCiviYak8QNtVDqf80Pe"
                    + "LrZltKOix1Q1HtxO8/qNEFxuK418wss/909n6T7GgWr3KpjFP2aIll+3yiArIdQa6zy6pR93/HgC9TEqvyC90LCdzfOHc4XGBS91nU197cnts/huyBWL4Tr34hXHMhNE"
                    + "XqRxz0AxhVR07EhRNnaUr6ZpjoPKgVw0IsHWTKp/NNE8D5SDFaohvJv4afUxlu7s+SBAArOjJVWQ9yyDT3cxdmL6ZifU";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{CRYPT}$1$saltsalt$le8lFSqqnPaRFOlmAZpvH1",
                "{CRYPT}$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
                "{CRYPT}$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA",
                "{crypt}$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
                "{CRYPT}$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/"
                        + "YTBmSK6H9qs/y3RnOaw5v.",
                "{CRYPT}$2a$10$abcdefghijklmnopqrstuu0uIewG7hXDJNtk3ib048WCtX.0JsFiS",
                "{CRYPT}$2b$10$abcdefghijklmnopqrstuu0uIewG7hXDJNtk3ib048WCtX.0JsFiS",
                "{CRYPT}$2y$10$abcdefghijklmnopqrstuu0uIewG7hXDJNtk3ib048WCtX.0JsFiS"
            })
    void fitsWhatTheLibraryOfCMadeOfASecret(String hash) {
        assertFitsOnly(hash, "Hello world!");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{SSHA}WlEoI8PAdwpmoMm7MDZM6shwFW0AAQIDBAUGBw==",
                "{SSHA256}4hE7nvdncLEg3QCEi7DSQ/gJ8nmWiMhnuqFSIjJm9vMAAQIDBAUGBw==",
                "{SSHA512}dFsk/kjh6ykqb1WRsBcag/Jn3AqVTTOPNux2l0a35R2mvJp30LrQrKbqB4EjGbMA+RMZ2xPGlxFI0ogRQRyo6AABAgMEBQYH",
                "{PBKDF2}10000$AAECAwQFBgcICQoLDA0ODw$ifz3prcALrZ63THYun8WbfoFTVQ",
                "{PBKDF2-SHA256}10000$AAECAwQFBgcICQoLDA0ODw$TVmmO2JsP8/Oi6.E6lNXRBPEz2hPkrib5c/6R58.B/g",
                "{PBKDF2-SHA256}10000$AAECAwQFBgcICQoLDA0ODw==$TVmmO2JsP8/Oi6+E6lNXRBPEz2hPkrib5c/6R58+B/g=",
                "{PBKDF2-SHA512}10000$AAECAwQFBgcICQoLDA0ODw$Ao7NKqvsmxLtUBEvVN3dviUdZA4yoJVKUDCOVPJQgPg07LJu7cfUkMxwD0RLZqLE"
                        + "U.IsExXC46bPf0hOHMj1hw",
                OF_389
            })
    void fitsWhatDirectoriesMadeOfASecretWithAccents(String hash) {
        assertFitsOnly(hash, "Été à Lomé 2026");
    }

    @Test
    void fitsWhatSlappasswdMade() {
        assertFitsOnly("{SSHA}ts6yLjB6495gtkJ1ppJVbylICuesd82y", "secret");
    }

    @Test
    void takesNoSchemeWithoutSaltAndNoCostWithoutBound() {
        assertThat(List.of(
                        "",
                        "secret",
                        "{CLEARTEXT}secret",
                        "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
                        "{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ==",
                        "{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
                        "{SSHA}not base64",
                        "{CRYPT}ab01FAX.bQRSU", // the crypt of eight characters
                        "{CRYPT}$6$saltstring$tooShort",
                        "{CRYPT}$5$rounds=999$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
                        "{CRYPT}$5$rounds=9999999$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
                        "{CRYPT}$2b$31$abcdefghijklmnopqrstuu0uIewG7hXDJNtk3ib048WCtX.0JsFiS",
                        "{CRYPT}$y$j9T$F5Jx5fExrKuPp53xLKQ..1$42RgPIrXdXSEEs77lDi/4IqKVqFBAVaHJkzw5uD1r57",
                        "{PBKDF2-SHA256}9999999$AAECAwQFBgcICQoLDA0ODw$TVmmO2JsP8/Oi6.E6lNXRBPEz2hPkrib5c/6R58.B/g",
                        "{PBKDF2-SHA256}0$AAECAwQFBgcICQoLDA0ODw$TVmmO2JsP8/Oi6.E6lNXRBPEz2hPkrib5c/6R58.B/g",
                        "{PBKDF2-SHA512}10000$AAECAwQFBgcICQoLDA0ODw$TVmmO2JsP8/Oi6.E6lNXRBPEz2hPkrib5c/6R58.B/g",
                        OF_389.replace("{PBKDF2_SHA256}AAAI", "{PBKDF2_SHA256}AQAI"),
                        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"))
                .allSatisfy(hash -> assertThat(ImportedHash.parse(hash)).isEmpty());
    }

    private static void assertFitsOnly(String hash, String secret) {
        ImportedHash parsed = ImportedHash.parse(hash).orElseThrow();
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        assertThat(parsed.fits(bytes)).isTrue();
        assertThat(bytes).as("still there").isEqualTo(secret.getBytes(StandardCharsets.UTF_8));
        assertThat(parsed.fits(bytes)).as("twice").isTrue();
        assertThat(parsed.fits((secret + "!").getBytes(StandardCharsets.UTF_8))).isFalse();
        assertThat(parsed.fits(new byte[] {0})).isFalse();
    }
}
