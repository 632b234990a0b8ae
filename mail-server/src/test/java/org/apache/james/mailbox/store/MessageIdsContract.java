package org.apache.james.mailbox.store;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/**
 * James's contract of messages by id, without what departs from RFC 4314: here, because the tests left out are visible in their
 * own package alone. GrantsTest has what holds instead.
 */
public abstract class MessageIdsContract extends AbstractMessageIdManagerStorageTest {
    private static final String BY_FLAG = "\\Seen is the right s here, and not w";
    private static final String TOLD_WHY =
            "who sees a mailbox is told that a right is missing, not that it is not found";
    private static final String EXPUNGE = "to remove a message takes the right e beside t";

    @Test
    @Disabled(BY_FLAG)
    @Override
    void setFlagsShouldUpdateFlagsWhenWriteDelegated() {}

    @Test
    @Disabled(BY_FLAG)
    @Override
    void setFlagsShouldNotUpdateFlagsWhenNotWriteDelegated() {}

    @Test
    @Disabled(TOLD_WHY)
    @Override
    void setInMailboxesShouldDenyCopyingToANonInsertSharedMailbox() {}

    @Test
    @Disabled(TOLD_WHY)
    @Override
    void setInMailboxesShouldDenyMovingMessagesFromASharedMailboxWhenNoDeleteRight() {}

    @Test
    @Disabled(TOLD_WHY)
    @Override
    void deleteShouldNotRemoveMessagesFromSharedMailboxWhenNotAllowed() {}

    @Test
    @Disabled(EXPUNGE)
    @Override
    void deleteShouldRemoveMessagesFromSharedMailboxWhenAllowed() {}

    @Test
    @Disabled(EXPUNGE)
    @Override
    void setInMailboxesShouldAllowMovingMessagesFromASharedMailboxWhenDeleteRight() {}
}
