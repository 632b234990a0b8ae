package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.james.core.Domain;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.rrt.api.RecipientRewriteTableException;
import org.apache.james.rrt.lib.MappingSource;
import org.junit.jupiter.api.Test;

/** Addresses are the directory's alone. */
class NoRewritingTest {
    private final RecipientRewriteTable table = new NoRewriting();

    @Test
    void takesNoRuleAndHasNone() throws Exception {
        MappingSource ama = MappingSource.fromUser("ama", "energie.gouv.test");
        assertThatThrownBy(() -> table.addAliasMapping(ama, "kofi@energie.gouv.test"))
                .isInstanceOf(RecipientRewriteTableException.class)
                .hasMessageContaining("directory");
        assertThatThrownBy(() -> table.addForwardMapping(ama, "kofi@energie.gouv.test"))
                .isInstanceOf(RecipientRewriteTableException.class);
        assertThat(table.getAllMappings()).isEmpty();
        assertThat(table.getResolvedMappings("ama", Domain.of("energie.gouv.test"))
                        .isEmpty())
                .isTrue();
    }
}
