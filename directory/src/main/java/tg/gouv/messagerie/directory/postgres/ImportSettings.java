package tg.gouv.messagerie.directory.postgres;

import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;

/** How much a bulk import may bring. */
public record ImportSettings(
        @Doc(value = "The largest file that is imported.", byDefault = "\"64MB\"")
        ByteSize fileMax,

        @Doc(value = "How many rows a file may have.", byDefault = "200000")
        int rowsMax,

        @Doc(value = "How many rows are one transaction; other acts wait that long.", byDefault = "1000")
        int batchRows) {
    public ImportSettings {
        if (rowsMax < 1 || rowsMax > 5_000_000) {
            throw new IllegalArgumentException("rows-max must be between 1 and 5000000");
        }
        if (batchRows < 1 || batchRows > 10_000) {
            throw new IllegalArgumentException("batch-rows must be between 1 and 10000");
        }
    }

    /** Every default. */
    public static ImportSettings byDefault() {
        return new ImportSettings(ByteSize.parse("64MB"), 200_000, 1_000);
    }
}
