import { choose, chooseDataSource, expect, offered, test } from './support';

test('an alert rule is made of what can be alerted on, and of nothing else', async ({
  alertRuleEditPage,
  page,
  stakes,
  questions,
}) => {
  await chooseDataSource(page, stakes.name);
  await expect(page.getByLabel('Question', { exact: true })).toBeVisible();
  const alertable = questions.filter((question) => question.alertable);
  expect((await offered(page, 'Question')).length).toBe(alertable.length);
  for (const { question } of alertable) {
    await choose(page, 'Question', question);
    await expect(page.getByText(question, { exact: true })).toBeVisible();
    await expect(alertRuleEditPage.evaluate()).toBeOK();
  }
  await expect(page.getByLabel('Format', { exact: true })).toHaveCount(0);
});
